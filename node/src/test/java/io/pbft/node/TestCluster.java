package io.pbft.node;

import io.pbft.client.PbftClient;
import io.pbft.core.driver.ReplicaListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Four replicas of {@link Counter} in this process, on ports that were free a moment ago. */
final class TestCluster implements AutoCloseable {
  static final int N = 4;
  private static final long PATIENCE_SECONDS = 60;

  private final Path directory;
  private Durability durability = Durability.MEMORY;
  private final PbftReplica[] replicas = new PbftReplica[N];

  private TestCluster(Path directory) {
    this.directory = directory;
  }

  /** Written, not started. */
  static TestCluster init(Path directory, ClusterInit.Options options) throws Exception {
    ClusterInit.create(directory, options.withService(Counter.class.getName()));
    Path file = directory.resolve(ClusterConfig.FILE_NAME);
    String yaml = Files.readString(file);
    List<Integer> ports = freePorts(N);
    for (int i = 0; i < N; i++) {
      yaml =
          yaml.replace("port: " + (options.basePort() + i) + "\n", "port: " + ports.get(i) + "\n");
    }
    Files.writeString(file, yaml);
    return new TestCluster(directory);
  }

  /** All at once, so that the system hands out different ones. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Replaces a setting of the file that {@code init} has written. */
  TestCluster set(String setting, int value) throws IOException {
    Path file = directory.resolve(ClusterConfig.FILE_NAME);
    String yaml = Files.readString(file);
    if (!yaml.contains("\n  " + setting + ": ")) {
      throw new IllegalArgumentException("no " + setting + " in " + yaml);
    }
    Files.writeString(
        file, yaml.replaceAll("(?m)^  " + setting + ": .*$", "  " + setting + ": " + value));
    return this;
  }

  TestCluster startAll() throws Exception {
    for (int id = 0; id < N; id++) {
      start(id, ReplicaListener.NONE);
    }
    return this;
  }

  PbftReplica start(int id, ReplicaListener listener) throws Exception {
    replicas[id] =
        PbftReplica.builder(directory, id).durability(durability).listener(listener).start();
    return replicas[id];
  }

  TestCluster durability(Durability level) {
    durability = level;
    return this;
  }

  PbftReplica replica(int id) {
    return replicas[id];
  }

  void stop(int id) {
    replicas[id].close();
    replicas[id] = null;
  }

  PbftClient client(int id) throws ConfigException {
    return PbftClients.connect(directory, id);
  }

  Path directory() {
    return directory;
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    for (PbftReplica replica : replicas) {
      if (replica != null) {
        replica.close();
      }
    }
  }
}
