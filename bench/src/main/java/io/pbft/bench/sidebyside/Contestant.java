package io.pbft.bench.sidebyside;

import io.pbft.bench.Directories;
import io.pbft.client.PbftClient;
import io.pbft.node.ClusterInit;
import io.pbft.node.PbftClients;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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

  /** As the {@code pbft} command starts replicas. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms256m",
          "-Xmn160m",
          "-Xmx512m",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto");

  /** Outstanding operations of one session, as {@code pbft bench} has it. */
  private static final int PER_SESSION = 1_000;

  private final Kind kind;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();

  private Contestant(Kind kind, Path directory) {
    this.kind = kind;
    this.directory = directory;
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
        it.processes.add(it.launch(id, durable ? "sync" : "memory"));
      }
      for (Process each : it.processes) {
        it.awaitReady(each);
      }
      for (int i = 0; i * PER_SESSION < mostOutstanding; i++) {
        it.targets.add(it.connect(i + 1));
      }
      return it;
    } catch (Exception e) {
      it.close();
      throw e;
    }
  }

  private Process launch(int id, String durability) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    Class<?> main = kind == Kind.PBFT ? PbftNode.class : RaftReplica.class;
    command.addAll(List.of(main.getName(), directory.resolve("cluster").toString(), "" + id));
    if (kind == Kind.RAFT) {
      command.add("" + kind.replicas());
    }
    command.add(durability);
    return new ProcessBuilder(command)
        .redirectError(directory.resolve("replica-" + id + ".log").toFile())
        .start();
  }

  private void awaitReady(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); !"ready".equals(line); line = out.readLine()) {
      if (line == null) {
        throw new IOException(kind + ": a replica ended at once; " + log());
      }
    }
    // What it says later is not read; it says little.
  }

  private String log() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int id = 0; id < processes.size(); id++) {
      all.append(Files.readString(directory.resolve("replica-" + id + ".log")));
    }
    return all.toString();
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
    Duration sum = cpu(ProcessHandle.current());
    for (Process each : processes) {
      sum = sum.plus(cpu(each.toHandle()));
    }
    return sum;
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * Says when a replica is gone: what was measured is worth nothing then.
   *
   * @throws IllegalStateException if one is
   */
  void checkAlive() throws IOException {
    for (Process each : processes) {
      if (!each.isAlive()) {
        throw new IllegalStateException(kind + ": a replica has ended; " + log());
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    targets.forEach(Target::close);
    processes.forEach(Process::destroy);
    for (Process each : processes) {
      if (!each.waitFor(10, TimeUnit.SECONDS)) {
        each.destroyForcibly().waitFor();
      }
    }
    Directories.delete(directory);
  }
}
