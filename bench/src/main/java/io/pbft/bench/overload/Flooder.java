package io.pbft.bench.overload;

import io.pbft.bench.process.Rival;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.RequestMacs;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.KeyFiles;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import io.pbft.crypto.SigningKey;
import io.pbft.net.EventLoopThread;
import io.pbft.net.NettyTransport;
import io.pbft.net.TransportConfig;
import io.pbft.node.ClusterConfig;
import io.pbft.node.ReplicaInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A hostile client in a process of its own: {@code DIRECTORY CLIENT MODE RATE BYTES}. It has a key,
 * its links and its frames are right, and it sends so many requests a second to each replica and
 * listens to nothing. It ends when its standard input does.
 */
final class Flooder implements Transport.Listener {
  /** Starts one that sends so many requests of a size a second to each replica. */
  static Rival start(Path cluster, int client, Mode mode, int perSecond, int bytes)
      throws IOException {
    return Rival.deaf(
        Flooder.class,
        List.of(cluster.toString(), "" + client, mode.name(), "" + perSecond, "" + bytes));
  }

  /** What it sends. */
  enum Mode {
    /** Requests whose authenticators are wrong for every replica. */
    BAD_MACS,
    /** The same over many sessions at once. */
    BAD_MACS_OF_MANY_SESSIONS,
    /** Requests that are authentic, and far beyond its window. */
    OVER_WINDOW,
    /** Requests that are authentic and in order: as many as there is room for, and more. */
    WITHOUT_WAITING,
    /**
     * Authentic requests behind one that never comes, others to each replica: what each has room
     * for and passes on meets at the primary.
     */
    BEHIND_A_GAP,
    /** One authentic request, again and again. */
    THE_SAME_AGAIN,
    /** Fast reads, which no batch holds. */
    READS,
    /** An operator's questions. */
    QUESTIONS
  }

  /** Prepared in advance, so that the flood costs its sender little. */
  private static final int PREPARED = 20_000;

  /** As much as the pools of four replicas take of what is behind a gap. */
  private static final int PREPARED_BYTES = 128 << 20;

  /** Where a mode has many. */
  private static final int SESSIONS = 32;

  private static final long FAR_BEYOND = 1_000_000;
  private static final long SESSION = System.currentTimeMillis();

  private final ClusterConfig config;
  private final int client;
  private final byte[] operation;
  private final int prepared;
  private final Sealer sealer;
  private final RequestMacs keys;
  private final CountDownLatch connected;
  private final NettyTransport[] nets;

  private Flooder(Path directory, int client, int sessions, int bytes) throws Exception {
    this.config = ClusterConfig.load(directory);
    this.client = client;
    this.operation = new byte[bytes];
    this.prepared = bytes == 0 ? PREPARED : Math.min(PREPARED, Math.max(1, PREPARED_BYTES / bytes));
    SigningKey key = KeyFiles.read(directory.resolve("client-" + client).resolve("key.pem"));
    Codec codec = new Codec(config.protocol().limits());
    this.sealer = new Sealer(codec, config.scope(), config.authentication(), key);
    int n = config.protocol().n();
    this.keys = new RequestMacs(n);
    this.connected = new CountDownLatch(n * sessions);
    HandshakeContext handshake = config.handshake(Principal.client(client), key);
    Map<Integer, InetSocketAddress> addresses = new TreeMap<>();
    for (ReplicaInfo each : config.replicas()) {
      addresses.put(each.id(), InetSocketAddress.createUnresolved(each.host(), each.port()));
    }
    this.nets = new NettyTransport[sessions];
    TransportConfig transport = TransportConfig.of(config.protocol().limits());
    EventLoopThread shared = EventLoopThread.daemon("flooder");
    for (int i = 0; i < sessions; i++) {
      nets[i] = NettyTransport.client(transport, handshake, SESSION + i, addresses, this, shared);
    }
  }

  public static void main(String[] args) throws Exception {
    Mode mode = Mode.valueOf(args[2]);
    int sessions = mode == Mode.BAD_MACS_OF_MANY_SESSIONS ? SESSIONS : 1;
    int bytes = Integer.parseInt(args[4]);
    Flooder it = new Flooder(Path.of(args[0]), Integer.parseInt(args[1]), sessions, bytes);
    double perSecond = Double.parseDouble(args[3]);
    if (!it.connected.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("no links with all replicas within a minute");
    }
    Thread thread = new Thread(() -> it.flood(mode, perSecond), "flood");
    thread.setDaemon(true);
    thread.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Until the starter is gone.
    }
    Runtime.getRuntime().halt(0);
  }

  private void flood(Mode mode, double perSecond) {
    boolean alike = mode != Mode.BEHIND_A_GAP;
    int within = Math.min(prepared, config.protocol().clientWindow() - 1);
    byte[][] payloads = new byte[alike ? prepared : within / keys.n() * keys.n()][];
    for (int i = 0; i < payloads.length; i++) {
      payloads[i] = payload(mode, i + 1L);
    }
    long begun = System.nanoTime();
    long sent = 0;
    while (true) {
      long due = (long) ((System.nanoTime() - begun) / 1e9 * perSecond);
      for (; sent < due; sent++) {
        byte[] payload =
            mode == Mode.WITHOUT_WAITING && sent >= prepared
                ? payload(mode, sent + 1)
                : payloads[(int) (sent % payloads.length)];
        NettyTransport net = nets[(int) (sent % nets.length)];
        for (int replica = 0; replica < keys.n(); replica++) {
          int other = (int) ((sent * keys.n() + replica) % payloads.length);
          net.sendToReplica(replica, alike ? payload : payloads[other]);
        }
      }
      for (NettyTransport net : nets) {
        net.flush();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private byte[] payload(Mode mode, long number) {
    return switch (mode) {
      case READS -> sealer.payload(new ReadRequest(client, SESSION, number, true, operation));
      case QUESTIONS -> sealer.payload(new StatusQuery(client, number));
      case THE_SAME_AGAIN -> request(mode, 1);
      default -> request(mode, number + before(mode));
    };
  }

  private byte[] request(Mode mode, long timestamp) {
    Request request = new Request(client, SESSION, timestamp, 1, Request.Kind.WRITE, operation);
    RequestAuthenticator.Macs macs;
    synchronized (keys) {
      macs = sealer.authenticate(request, keys);
    }
    if (mode == Mode.BAD_MACS || mode == Mode.BAD_MACS_OF_MANY_SESSIONS) {
      for (int i = 0; i < macs.tags().length; i++) {
        macs.tags()[i] ^= 1;
      }
    }
    return sealer.payload(new RequestMessage(new AuthenticatedRequest(request, macs), false));
  }

  private static long before(Mode mode) {
    return switch (mode) {
      case OVER_WINDOW -> FAR_BEYOND;
      case BEHIND_A_GAP -> 1;
      default -> 0;
    };
  }

  @Override
  public void onConnected(Session session) {
    if (session.session() == SESSION) {
      synchronized (keys) {
        keys.set(session.peer().id(), session.requestKey());
      }
    }
    connected.countDown();
  }

  @Override
  public void onPayload(Principal peer, long session, byte[] buffer, int offset, int length) {}

  @Override
  public void onDisconnected(Principal peer, long session) {}

  @Override
  public void onRefused(Principal peer, Reason reason, String detail) {
    System.err.println("the flooder refuses " + peer + ": " + reason + " " + detail);
  }
}
