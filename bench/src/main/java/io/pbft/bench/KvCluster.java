package io.pbft.bench;

import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.spi.StateMachine;
import io.pbft.node.ClusterInit;
import io.pbft.node.ConfigException;
import io.pbft.node.Durability;
import io.pbft.node.PbftReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Four replicas in this process, over TCP on this machine, each with a journal that is synced. */
final class KvCluster implements AutoCloseable {
  static final int REPLICAS = 4;

  private final Path directory;
  private final PbftReplica[] replicas = new PbftReplica[REPLICAS];

  /** Makes the configuration; ports from {@code basePort}. */
  KvCluster(int basePort) throws IOException, ConfigException {
    directory = Files.createTempDirectory("pbft-bench");
    ClusterInit.create(
        directory.resolve("cluster"), ClusterInit.Options.defaults().withBasePort(basePort));
  }

  Path configuration() {
    return directory.resolve("cluster");
  }

  void start(int id, StateMachine machine, ReplicaListener listener)
      throws IOException, ConfigException {
    replicas[id] =
        PbftReplica.builder(configuration(), id)
            .stateMachine(machine)
            .durability(Durability.SYNC)
            .listener(listener)
            .start();
  }

  PbftReplica replica(int id) {
    return replicas[id];
  }

  /** Stops a replica and deletes its journal and its snapshots, as if it had got a new disk. */
  void stopAndEmpty(int id) throws IOException {
    replicas[id].close();
    Path data = configuration().resolve("replica-" + id).resolve("data");
    Directories.delete(data.resolve("journal"));
    Directories.delete(data.resolve("snapshots"));
  }

  @Override
  public void close() throws IOException {
    for (PbftReplica replica : replicas) {
      if (replica != null) {
        replica.close();
      }
    }
    Directories.delete(directory);
  }
}
