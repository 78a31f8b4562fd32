package io.pbft.bench.profile;

import io.pbft.bench.Directories;
import io.pbft.bench.process.Processes;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A few bytes there and back between two processes that wait for them as event loops do, and do
 * nothing else: what a message between processes costs here at least.
 */
final class RoundTrips {
  private static final int BYTES = 100;

  /**
   * What one costs.
   *
   * @param cpuMicros processor time of both processes' threads
   * @param micros until it is back, on average
   */
  record Cost(double cpuMicros, double micros) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%.0f µs of processor time, back after %.0f µs", cpuMicros, micros);
    }
  }

  /**
   * It depends on where the two run.
   *
   * @param free where the system lets them
   * @param together both on one processor
   * @param apart on two
   */
  record Costs(Cost free, Optional<Cost> together, Optional<Cost> apart) {}

  private RoundTrips() {}

  /** The other process: sends back what comes, and tells what that cost. */
  public static void main(String[] args) throws Exception {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread echo = new Thread(() -> echo(server), "echo");
      echo.setDaemon(true);
      echo.start();
      System.out.println("ready");
      var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(
            line.equals("port")
                ? "" + server.socket().getLocalPort()
                : "" + times.getThreadCpuTime(echo.getId()));
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static void echo(ServerSocketChannel server) {
    try (SocketChannel channel = server.accept();
        Selector selector = Selector.open()) {
      prepare(channel, selector);
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
      while (receive(channel, selector, buffer)) {
        send(channel, buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes them for so long each way, and once as long before without counting. Bound they are
   * measured only where there is a way to bind them, and on two processors where there are two.
   */
  static Costs measure(double seconds) throws Exception {
    Path logs = Files.createTempDirectory("round-trips");
    try (Processes other = new Processes(logs)) {
      other.launch(Processes.FLAGS, RoundTrips.class, List.of());
      other.awaitReady();
      int port = Integer.parseInt(other.ask(0, "port"));
      try (SocketChannel channel =
              SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          Selector selector = Selector.open()) {
        prepare(channel, selector);
        run(channel, selector, seconds);
        Cost free = slice(other, channel, selector, seconds);
        return bound(other, free, () -> slice(other, channel, selector, seconds));
      }
    } finally {
      Directories.delete(logs);
    }
  }

  private static Costs bound(Processes other, Cost free, Callable<Cost> slice) throws Exception {
    String all = Pinning.allowed();
    String first = Pinning.one(all, false);
    String last = Pinning.one(all, true);
    if (!Pinning.process(other.pid(0), first) || !Pinning.self(first)) {
      return new Costs(free, Optional.empty(), Optional.empty());
    }
    try {
      Cost together = slice.call();
      Optional<Cost> apart =
          !first.equals(last) && Pinning.self(last) ? Optional.of(slice.call()) : Optional.empty();
      return new Costs(free, Optional.of(together), apart);
    } finally {
      Pinning.self(all);
    }
  }

  private static Cost slice(
      Processes other, SocketChannel channel, Selector selector, double seconds)
      throws IOException {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    long otherBefore = Long.parseLong(other.ask(0, "cpu"));
    long before = times.getCurrentThreadCpuTime();
    long begun = System.nanoTime();
    long count = run(channel, selector, seconds);
    double took = System.nanoTime() - begun;
    double cpu = times.getCurrentThreadCpuTime() - before;
    cpu += Long.parseLong(other.ask(0, "cpu")) - otherBefore;
    return new Cost(cpu / count / 1e3, took / count / 1e3);
  }

  private static long run(SocketChannel channel, Selector selector, double seconds)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    long count = 0;
    while (System.nanoTime() < end) {
      buffer.clear();
      send(channel, buffer);
      if (!receive(channel, selector, buffer)) {
        throw new EOFException("the other process is gone");
      }
      count++;
    }
    return count;
  }

  private static void prepare(SocketChannel channel, Selector selector) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  /** False at the end. */
  private static boolean receive(SocketChannel channel, Selector selector, ByteBuffer buffer)
      throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      selector.select();
      selector.selectedKeys().clear();
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    buffer.flip();
    return true;
  }

  private static void send(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
