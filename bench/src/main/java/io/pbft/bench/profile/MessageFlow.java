package io.pbft.bench.profile;

import static java.util.stream.Collectors.joining;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The messages of the normal case of one operation at a time (PBFT, section 4.2) and nothing else:
 * four replicas and a client, each a process that waits as an event loop does, send each other a
 * hundred bytes for each of the 29 messages. No codec, no MAC, no log: what such an operation costs
 * on this machine at least, between processes that take all that has come and answer it at once.
 */
final class MessageFlow {
  private static final int REPLICAS = 4;
  private static final int CLIENT = REPLICAS;
  private static final int BYTES = 100;
  private static final int BUFFER = 64 * BYTES;
  private static final int PREPARES_NEEDED = 2;
  private static final int COMMITS_NEEDED = 3;
  private static final int REPLIES_NEEDED = 2;
  private static final int LOG = 1024;

  private enum Type {
    REQUEST(0),
    PRE_PREPARE(1),
    PREPARE(2),
    COMMIT(3),
    REPLY(4);

    private static final Type[] BY_CODE = values();

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  /**
   * What an operation costs.
   *
   * @param free where the system lets the processes run
   * @param together all on one processor, where they can be bound
   */
  record Costs(RoundTrips.Cost free, Optional<RoundTrips.Cost> together) {}

  private static final class Link {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);

    Link(SocketChannel channel, Selector selector) throws IOException {
      this.channel = channel;
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void put(Type type, long sequence) {
      int begin = out.position();
      out.putInt(type.code).putLong(sequence).position(begin + BYTES);
    }

    void write() throws IOException {
      out.flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      out.clear();
    }
  }

  private static final class Slot {
    private long sequence;
    private boolean proposed;
    private boolean prepared;
    private boolean committed;
    private int prepares;
    private int commits;
  }

  private final int self;
  private final Selector selector = Selector.open();
  private final Link[] links = new Link[REPLICAS + 1];

  private final Slot[] log = new Slot[LOG];
  private long sequence;
  private int replies;

  private MessageFlow(int self) throws IOException {
    this.self = self;
    Arrays.setAll(log, i -> new Slot());
  }

  /** A replica; its arguments are its number. Tells its port, and what its event loop has cost. */
  public static void main(String[] args) throws Exception {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    MessageFlow replica = new MessageFlow(Integer.parseInt(args[0]));
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread loop = null;
      System.out.println("ready");
      var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("port")) {
          System.out.println(server.socket().getLocalPort());
        } else if (line.equals("cpu")) {
          System.out.println(loop == null ? 0 : times.getThreadCpuTime(loop.getId()));
        } else {
          List<Integer> ports =
              Arrays.stream(line.split(" ")).skip(1).map(Integer::valueOf).toList();
          loop = new Thread(() -> replica.serve(server, ports), "message-flow");
          loop.setDaemon(true);
          loop.start();
          System.out.println("connecting");
        }
      }
    }
    Runtime.getRuntime().halt(0);
  }

  /** Operations for so long, and once as long before without counting, each way. */
  static Costs measure(double seconds) throws Exception {
    Path logs = Files.createTempDirectory("message-flow");
    try (Processes replicas = new Processes(logs)) {
      for (int id = 0; id < REPLICAS; id++) {
        replicas.launch(Processes.FLAGS, MessageFlow.class, List.of("" + id));
      }
      replicas.awaitReady();
      List<Integer> ports = new ArrayList<>();
      for (int id = 0; id < REPLICAS; id++) {
        ports.add(Integer.parseInt(replicas.ask(id, "port")));
      }
      for (int id = 0; id < REPLICAS; id++) {
        replicas.ask(id, "connect" + ports.stream().limit(id).map(p -> " " + p).collect(joining()));
      }
      MessageFlow client = new MessageFlow(CLIENT);
      try (Selector closed = client.selector) {
        client.dial(ports);
        client.operate(seconds);
        RoundTrips.Cost free = client.slice(replicas, seconds);
        return new Costs(free, client.bound(replicas, seconds));
      } finally {
        client.close();
      }
    } finally {
      Directories.delete(logs);
    }
  }

  private Optional<RoundTrips.Cost> bound(Processes replicas, double seconds) throws Exception {
    String all = Pinning.allowed();
    String first = Pinning.one(all, false);
    for (int id = 0; id < REPLICAS; id++) {
      if (!Pinning.process(replicas.pid(id), first)) {
        return Optional.empty();
      }
    }
    if (!Pinning.self(first)) {
      return Optional.empty();
    }
    try {
      operate(seconds / 2);
      return Optional.of(slice(replicas, seconds));
    } finally {
      Pinning.self(all);
    }
  }

  private RoundTrips.Cost slice(Processes replicas, double seconds) throws IOException {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    long replicasBefore = cpu(replicas);
    long before = times.getCurrentThreadCpuTime();
    long begun = System.nanoTime();
    long count = operate(seconds);
    double took = System.nanoTime() - begun;
    double cpu = times.getCurrentThreadCpuTime() - before + cpu(replicas) - replicasBefore;
    return new RoundTrips.Cost(cpu / count / 1e3, took / count / 1e3);
  }

  private static long cpu(Processes replicas) throws IOException {
    long sum = 0;
    for (int id = 0; id < REPLICAS; id++) {
      sum += Long.parseLong(replicas.ask(id, "cpu"));
    }
    return sum;
  }

  private long operate(double seconds) throws IOException {
    long end = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    long count = 0;
    while (System.nanoTime() < end) {
      sequence++;
      replies = 0;
      links[0].put(Type.REQUEST, sequence);
      links[0].write();
      while (replies < REPLIES_NEEDED) {
        if (!turn()) {
          throw new EOFException("a process is gone");
        }
      }
      count++;
    }
    return count;
  }

  private void serve(ServerSocketChannel server, List<Integer> ports) {
    try {
      dial(ports);
      while (Arrays.stream(links).filter(link -> link != null).count() < REPLICAS) {
        SocketChannel accepted = server.accept();
        ByteBuffer id = ByteBuffer.allocate(1);
        accepted.read(id);
        links[id.get(0)] = new Link(accepted, selector);
      }
      while (turn()) {
        for (Link link : links) {
          if (link != null && link.out.position() > 0) {
            link.write();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void dial(List<Integer> ports) throws IOException {
    for (int id = 0; id < ports.size(); id++) {
      InetSocketAddress there =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(id));
      SocketChannel channel = SocketChannel.open(there);
      channel.write(ByteBuffer.allocate(1).put((byte) self).flip());
      links[id] = new Link(channel, selector);
    }
  }

  private void close() throws IOException {
    for (Link link : links) {
      if (link != null) {
        link.channel.close();
      }
    }
  }

  /** Takes what has come, after waiting for it; false at the end. */
  private boolean turn() throws IOException {
    selector.select();
    for (SelectionKey key : selector.selectedKeys()) {
      Link link = (Link) key.attachment();
      if (link.channel.read(link.in) < 0) {
        return false;
      }
      link.in.flip();
      while (link.in.remaining() >= BYTES) {
        int begin = link.in.position();
        take(Type.BY_CODE[link.in.getInt()], link.in.getLong());
        link.in.position(begin + BYTES);
      }
      link.in.compact();
    }
    selector.selectedKeys().clear();
    return true;
  }

  private void take(Type type, long at) {
    if (self == CLIENT) {
      replies += at == sequence ? 1 : 0;
      return;
    }
    Slot slot = log[(int) (at % LOG)];
    if (slot.sequence != at) {
      slot = new Slot();
      slot.sequence = at;
      log[(int) (at % LOG)] = slot;
    }
    switch (type) {
      case REQUEST -> {
        slot.proposed = true;
        toReplicas(Type.PRE_PREPARE, at);
      }
      case PRE_PREPARE -> {
        slot.proposed = true;
        slot.prepares++;
        toReplicas(Type.PREPARE, at);
      }
      case PREPARE -> slot.prepares++;
      case COMMIT -> slot.commits++;
      case REPLY -> throw new IllegalStateException("a reply to a replica");
    }
    proceed(slot);
  }

  private void proceed(Slot slot) {
    if (slot.proposed && slot.prepares >= PREPARES_NEEDED && !slot.prepared) {
      slot.prepared = true;
      slot.commits++;
      toReplicas(Type.COMMIT, slot.sequence);
    }
    if (slot.prepared && slot.commits >= COMMITS_NEEDED && !slot.committed) {
      slot.committed = true;
      links[CLIENT].put(Type.REPLY, slot.sequence);
    }
  }

  private void toReplicas(Type type, long at) {
    for (int id = 0; id < REPLICAS; id++) {
      if (id != self) {
        links[id].put(type, at);
      }
    }
  }
}
