package io.pbft.cli;

import io.pbft.node.ClusterInit;
import io.pbft.node.ConfigException;
import io.pbft.node.Durability;
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
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Four replicas on free ports of the loopback interface, each a process, with their files in a
 * temporary directory. Closing ends them, and deletes the directory unless it is to be kept.
 */
public final class LocalCluster implements AutoCloseable {
  public static final int REPLICAS = 4;

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
  private final Durability durability;
  private boolean kept;
  private boolean closed;

  /**
   * Makes the directory; starts nothing.
   *
   * @param name of the directory, a prefix
   * @param clients how many
   */
  public LocalCluster(String name, int clients, Durability durability)
      throws IOException, ConfigException {
    this.durability = durability;
    directory = Files.createTempDirectory(name);
    try {
      ClusterInit.create(
          directory,
          ClusterInit.Options.defaults()
              .withReplicas(REPLICAS)
              .withClients(clients)
              .withBasePort(freePorts()));
    } catch (ConfigException | IOException e) {
      deleteDirectory();
      throw e;
    }
  }

  public Path directory() {
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
  public synchronized ReplicaProcess start(int id, String... options) throws IOException {
    if (closed) {
      throw new IOException("the cluster is being stopped");
    }
    List<String> all =
        new ArrayList<>(List.of("--durability", durability.name().toLowerCase(Locale.ROOT)));
    all.addAll(List.of(options));
    replicas[id] = ReplicaProcess.start(directory, id, all, true, line -> keep(id, line));
    return replicas[id];
  }

  /** Waits until a replica serves; false if it ends before, or takes too long. */
  public boolean awaitReady(int id) {
    return replicas[id]
        .ready()
        .handle((done, failure) -> failure == null)
        .completeOnTimeout(false, START_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  public long pid(int id) {
    return replicas[id].pid();
  }

  public boolean isAlive(int id) {
    return replicas[id].isAlive();
  }

  public void kill(int id) {
    replicas[id].kill();
  }

  public void stop(int id) {
    replicas[id].stop(PATIENCE);
  }

  public void tell(int id, String line) {
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
  public List<String> lastWords(int id) {
    Deque<String> lines = output.get(id);
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Closing is to leave the directory, for people to look at. */
  public synchronized void keep() {
    kept = true;
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
      if (!kept) {
        deleteDirectory();
      }
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
