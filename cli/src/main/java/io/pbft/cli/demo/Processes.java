package io.pbft.cli.demo;

import io.pbft.cli.ReplicaProcess;
import io.pbft.node.ClusterInit;
import io.pbft.node.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The demo's replicas, each a process, in a temporary directory. Closing leaves nothing behind. */
final class Processes implements AutoCloseable {
  static final int REPLICAS = 4;
  static final int WORKER = 0;
  static final int AUDITOR = 1;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long START_SECONDS = 60;
  private static final int KEPT_LINES = 12;

  // Below the range from which systems take the ports of outgoing connections.
  private static final int LOWEST_PORT = 15_000;
  private static final int HIGHEST_PORT = 32_000;

  private final Path directory;
  private final ReplicaProcess[] replicas = new ReplicaProcess[REPLICAS];
  private final List<Deque<String>> output =
      Stream.<Deque<String>>generate(ArrayDeque::new).limit(REPLICAS).toList();
  private boolean closed;

  Processes() throws IOException, ConfigException {
    directory = Files.createTempDirectory("pbft-demo-");
    try {
      ClusterInit.create(
          directory,
          ClusterInit.Options.defaults()
              .withReplicas(REPLICAS)
              .withClients(2)
              .withBasePort(freePorts()));
    } catch (ConfigException | IOException e) {
      deleteDirectory();
      throw e;
    }
  }

  Path directory() {
    return directory;
  }

  private static int freePorts() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int base = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      boolean free = true;
      for (int port = base; free && port < base + REPLICAS; port++) {
        free = isFree(port);
      }
      if (free) {
        return base;
      }
    }
    throw new IOException("no " + REPLICAS + " free ports in a row on the loopback interface");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  /** Starts a replica's process; it serves only when it is {@link #awaitReady}. */
  synchronized ReplicaProcess start(int id, String... options) throws IOException {
    if (closed) {
      throw new IOException("the demo is being stopped");
    }
    List<String> all = new ArrayList<>(List.of("--durability", "memory"));
    all.addAll(List.of(options));
    replicas[id] = ReplicaProcess.start(directory, id, all, true, line -> keep(id, line));
    return replicas[id];
  }

  void awaitReady(int id) throws DemoFailure {
    boolean ready;
    try {
      ready =
          replicas[id]
              .ready()
              .handle((done, failure) -> failure == null)
              .completeOnTimeout(false, START_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException e) {
      throw new DemoFailure("replica " + id + " did not start", e);
    }
    if (!ready) {
      throw new DemoFailure("replica " + id + " did not start");
    }
  }

  long pid(int id) {
    return replicas[id].pid();
  }

  boolean isAlive(int id) {
    return replicas[id].isAlive();
  }

  void kill(int id) {
    replicas[id].kill();
  }

  void stop(int id) {
    replicas[id].stop(PATIENCE);
  }

  void tell(int id, String line) {
    replicas[id].tell(line);
  }

  private void keep(int id, String line) {
    Deque<String> lines = output.get(id);
    synchronized (lines) {
      lines.add(line);
      if (lines.size() > KEPT_LINES) {
        lines.remove();
      }
    }
  }

  /** What a replica said last. */
  List<String> lastWords(int id) {
    Deque<String> lines = output.get(id);
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** From any thread, more than once. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (ReplicaProcess replica : replicas) {
      if (replica != null) {
        replica.kill();
      }
    }
    try {
      deleteDirectory();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }

  private void deleteDirectory() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
