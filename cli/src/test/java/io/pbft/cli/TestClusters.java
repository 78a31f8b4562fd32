package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.node.ClusterConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Cluster directories, as `pbft init` makes them, on ports that were free a moment ago. */
final class TestClusters {
  static final int REPLICAS = 4;

  private TestClusters() {}

  static Path init(Path directory, String... options) throws Exception {
    List<String> args = new ArrayList<>(List.of("init", directory.toString()));
    args.addAll(List.of(options));
    Captured init = Captured.run(args.toArray(String[]::new));
    assertThat(init.exitCode()).as(init.err()).isZero();
    useFreePorts(directory.resolve(ClusterConfig.FILE_NAME));
    return directory;
  }

  /** All at once, so that the system hands out different ones. */
  private static void useFreePorts(Path file) throws Exception {
    List<ServerSocket> sockets = new ArrayList<>();
    String yaml = Files.readString(file);
    for (int id = 0; id < REPLICAS; id++) {
      ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(free);
      yaml = yaml.replace("port: " + (7400 + id) + "\n", "port: " + free.getLocalPort() + "\n");
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    Files.writeString(file, yaml);
  }

  /** Checkpoints so often that a short test has some. */
  static Path withSmallWindow(Path directory) throws Exception {
    Path file = directory.resolve(ClusterConfig.FILE_NAME);
    String yaml = Files.readString(file);
    assertThat(yaml).contains("checkpoint-interval: 128", "log-window: 512");
    yaml = yaml.replace("checkpoint-interval: 128", "checkpoint-interval: 8");
    Files.writeString(file, yaml.replace("log-window: 512", "log-window: 16"));
    return directory;
  }
}
