package io.pbft.bench.sidebyside;

import io.pbft.bench.Directories;
import io.pbft.bench.process.Processes;
import io.pbft.bench.process.ReplicaNode;
import io.pbft.client.PbftClient;
import io.pbft.node.ClusterInit;
import io.pbft.node.PbftClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A cluster whose replicas are processes, and this process's clients of it. */
final class Contestant implements AutoCloseable {
  /** Who it is. */
  enum Kind {
    PBFT(4),
    RAFT(3);

    private final int replicas;

    Kind(int replicas) {
      this.replicas = replicas;
    }

    int replicas() {
      return replicas;
    }
  }

  /** Outstanding operations of one session, as {@code pbft bench} has it. */
  private static final int PER_SESSION = 1_000;

  private final Kind kind;
  private final Path directory;
  private final Processes processes;
  private final List<Target> targets = new ArrayList<>();

  private Contestant(Kind kind, Path directory) {
    this.kind = kind;
    this.directory = directory;
    this.processes = new Processes(directory);
  }

  /**
   * Starts its processes.
   *
   * @param durable whether every vote or log entry is on the disk before it counts
   * @param mostOutstanding how many operations will be in flight at most
   */
  static Contestant start(Kind kind, boolean durable, int basePort, int mostOutstanding)
      throws Exception {
    Contestant it = new Contestant(kind, Files.createTempDirectory("side-by-side"));
    try {
      ClusterInit.create(
          it.directory.resolve("cluster"), ClusterInit.Options.defaults().withBasePort(basePort));
      for (int id = 0; id < kind.replicas(); id++) {
        it.launch(id, durable ? "sync" : "memory");
      }
      it.processes.awaitReady();
      for (int i = 0; i * PER_SESSION < mostOutstanding; i++) {
        it.targets.add(it.connect(i + 1));
      }
      return it;
    } catch (Exception e) {
      it.close();
      throw e;
    }
  }

  private void launch(int id, String durability) throws IOException {
    String cluster = directory.resolve("cluster").toString();
    if (kind == Kind.PBFT) {
      processes.launch(
          Processes.FLAGS, ReplicaNode.class, List.of(cluster, "" + id, durability, "0"));
    } else {
      processes.launch(
          Processes.FLAGS,
          RaftReplica.class,
          List.of(cluster, "" + id, "" + kind.replicas(), durability));
    }
  }

  private Target connect(int session) throws Exception {
    Path cluster = directory.resolve("cluster");
    if (kind == Kind.RAFT) {
      return new RaftClient(cluster, kind.replicas(), session);
    }
    PbftClient client = PbftClients.connect(cluster, 0);
    return new Target() {
      @Override
      public CompletableFuture<byte[]> invoke(byte[] operation) {
        return client.invoke(operation);
      }

      @Override
      public void close() {
        client.close();
      }
    };
  }

  Kind kind() {
    return kind;
  }

  /** As many sessions as that many operations want. */
  List<Target> targets(int outstanding) {
    return targets.subList(0, (outstanding + PER_SESSION - 1) / PER_SESSION);
  }

  /** Processor time so far of the replicas and of this process. */
  Duration cpu() {
    return processes.cpu().plus(Processes.cpu(ProcessHandle.current()));
  }

  /**
   * Says when a replica is gone: what was measured is worth nothing then.
   *
   * @throws IllegalStateException if one is
   */
  void checkAlive() throws IOException {
    processes.checkAlive();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    targets.forEach(Target::close);
    processes.close();
    Directories.delete(directory);
  }
}
