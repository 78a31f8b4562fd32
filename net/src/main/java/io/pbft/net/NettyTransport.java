package io.pbft.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authenticated links over TCP; the package says what they look like and what they bear.
 *
 * <p>All methods may be called from any thread, the listener's calls included. Sending is cheap: it
 * puts the payload into the link's queue, and {@link #flush} wakes the event loop once for all that
 * was queued; called on the event loop, it writes at once. A payload is dropped and counted ({@link
 * #dropped}) when there is no link with its receiver, when the receiver's queue is full, when it is
 * longer than the receiver accepts, and when the link goes before it does. It must not be changed
 * once handed over, and must not be empty: empty ones are heartbeats, and not delivered.
 *
 * <p>The listener is called on the event loop: while it works, nothing else happens here. When its
 * owner falls behind, {@link #setIntake} holds peers back by TCP's own flow control.
 */
public final class NettyTransport implements Transport {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
  private static final int ACCEPT_BACKLOG = 1024;
  private static final long LOOKUP_IDLE_SECONDS = 5;

  private final Reports reports;
  private final EventLoopThread thread;
  private final boolean ownsThread;
  private final EventLoop loop;
  // The newest, to wait for its very end.
  private volatile Thread lookupThread;
  private final ThreadPoolExecutor lookups;
  private final Hub hub;
  private final Queue<Link> undrained = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awaitsDrain = new AtomicBoolean();
  private final AtomicBoolean awaitsBurstEnd = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Channel server;
  private int port;

  private NettyTransport(
      TransportConfig config,
      HandshakeContext context,
      Listener listener,
      EventLoopThread thread,
      boolean ownsThread) {
    this.reports = new Reports(listener);
    this.thread = thread;
    this.ownsThread = ownsThread;
    this.loop = thread.loop();
    String name = name(context);
    this.lookups =
        new ThreadPoolExecutor(
            1,
            1,
            LOOKUP_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              lookupThread = EventLoopThread.thread(task, name + "-lookup", true);
              return lookupThread;
            });
    this.lookups.allowCoreThreadTimeOut(true);
    this.hub = new Hub(config, context, reports, loop);
  }

  /**
   * A replica's transport: listens, and dials every replica with a lower id.
   *
   * @param context who this is, of kind {@code REPLICA}
   * @param listen where to listen; port 0 takes any free one, see {@link #port()}
   * @param replicas addresses by id; only those of lower ids matter, which must all be there
   * @throws BindFailedException if it can't listen there; nothing is left behind
   * @throws IllegalArgumentException if the arguments don't fit each other
   */
  public static NettyTransport replica(
      TransportConfig config,
      HandshakeContext context,
      InetSocketAddress listen,
      Map<Integer, InetSocketAddress> replicas,
      Listener listener)
      throws BindFailedException {
    require(context.self().kind() == Principal.Kind.REPLICA, "the context is not a replica's");
    int self = context.self().id();
    for (int id = 0; id < self; id++) {
      require(replicas.containsKey(id), "no address of replica " + id);
    }
    NettyTransport transport =
        new NettyTransport(config, context, listener, EventLoopThread.lasting(name(context)), true);
    transport.listen(listen);
    transport.start(0, self, replicas);
    return transport;
  }

  /**
   * A client's transport, with a thread of its own: dials all replicas.
   *
   * @param context who this is, of kind {@code CLIENT}
   * @param session the number of this client's session; a second transport with the same one would
   *     take the first one's links
   * @param replicas addresses by id, from 0 without gaps
   * @throws IllegalArgumentException if the arguments don't fit each other
   */
  public static NettyTransport client(
      TransportConfig config,
      HandshakeContext context,
      long session,
      Map<Integer, InetSocketAddress> replicas,
      Listener listener) {
    checkClient(context, replicas);
    EventLoopThread own = EventLoopThread.daemon(name(context));
    return new NettyTransport(config, context, listener, own, true).start(session, replicas);
  }

  /**
   * A client's transport on a thread that others may share; the thread is not closed with it. A
   * listener that blocks holds all of them up.
   */
  public static NettyTransport client(
      TransportConfig config,
      HandshakeContext context,
      long session,
      Map<Integer, InetSocketAddress> replicas,
      Listener listener,
      EventLoopThread shared) {
    checkClient(context, replicas);
    return new NettyTransport(config, context, listener, shared, false).start(session, replicas);
  }

  private static void checkClient(
      HandshakeContext context, Map<Integer, InetSocketAddress> replicas) {
    require(context.self().kind() == Principal.Kind.CLIENT, "the context is not a client's");
    for (int id = 0; id < replicas.size(); id++) {
      require(replicas.containsKey(id), "no address of replica " + id);
    }
  }

  private static String name(HandshakeContext context) {
    return "pbft-net-" + context.self().toString().replace(' ', '-');
  }

  /** Where a replica listens; 0 for a client. */
  public int port() {
    return port;
  }

  @Override
  public void sendToReplica(int replica, byte[] payload) {
    send(hub.links().replica(replica), Principal.Kind.REPLICA, replica, payload);
  }

  @Override
  public void sendToClient(int client, long session, byte[] payload) {
    send(hub.links().client(client, session), Principal.Kind.CLIENT, client, payload);
  }

  @Override
  public void countRefusal(int client, int bytes) {
    ClientAccount account = hub.links().account(client);
    if (account == null || !account.countRefusal(bytes)) {
      return;
    }
    if (loop.inEventLoop()) {
      pause(client, account);
    } else {
      execute(() -> pause(client, account));
    }
  }

  private void pause(int client, ClientAccount account) {
    if (account.pause()) {
      TransportConfig config = hub.config();
      String detail =
          String.format(
              Locale.ROOT,
              "refused %d times within a moment, or %d bytes: not read from for a while",
              ClientAccount.mostRefused(config.refusals(), account.links().size()),
              config.refusedBytes());
      reports.onRefused(Principal.client(client), Reason.PEER_THROTTLED, detail);
    }
  }

  @Override
  public void flush() {
    if (undrained.isEmpty()) {
      return;
    }
    if (loop.inEventLoop()) {
      drain();
    } else if (awaitsDrain.compareAndSet(false, true)) {
      execute(this::drain);
    }
  }

  @Override
  public boolean requestBurstEnd() {
    if (closed.get()) {
      return false;
    }
    if (awaitsBurstEnd.compareAndSet(false, true)) {
      execute(
          () -> {
            // Before the call: who asks during it may have come too late for it.
            awaitsBurstEnd.set(false);
            reports.onBurstEnd();
          });
    }
    return true;
  }

  @Override
  public int replicasConnected() {
    return hub.links().replicaCount();
  }

  /**
   * From whom to read, until told otherwise. Takes effect soon: up to a megabyte a link that has
   * been read may still be delivered. Handshakes go on; links that aren't read aren't closed for
   * silence.
   */
  public void setIntake(Intake intake) {
    execute(() -> hub.setIntake(intake));
  }

  /** Payloads that were dropped, by receiver, since the start. */
  public Map<Principal, Long> dropped() {
    return reports.dropped();
  }

  /** Frames and connections that were refused, by reason, since the start. */
  public Map<Reason, Long> refusals() {
    return reports.refusals();
  }

  /**
   * Closes the port and all links, and ends the threads that are its own, without waiting for what
   * is queued. When it returns the listener is not called any more (on the event loop itself: after
   * what the loop does now).
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    CountDownLatch silent = new CountDownLatch(1);
    boolean accepted =
        tryExecute(
            () -> {
              hub.close();
              // Not left to the event loop's end: told to shut down between two of its looks, it
              // ends without closing its channels, and the port stays in use as long as the
              // process lives.
              if (server != null) {
                var unusedClosesAtOnce = server.close();
              }
              lookups.shutdownNow();
              silent.countDown();
            });
    if (!accepted) {
      lookups.shutdownNow();
      silent.countDown();
    }
    boolean ended = !ownsThread || thread.end();
    if (!loop.inEventLoop() && !(ended && isSilent(silent))) {
      LOG.warn("closed, but the listener or a look-up of a host name does not return");
    }
  }

  /** For tests: a link, or null. */
  ClientAccount account(int client) {
    return hub.links().account(client);
  }

  Link link(Principal peer, long session) {
    return peer.kind() == Principal.Kind.REPLICA
        ? hub.links().replica(peer.id())
        : hub.links().client(peer.id(), session);
  }

  private void listen(InetSocketAddress address) throws BindFailedException {
    InetSocketAddress resolved =
        address.isUnresolved()
            ? new InetSocketAddress(address.getHostString(), address.getPort())
            : address;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Connection.WATER_MARK)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(new Connection(hub, null));
                  }
                })
            .bind(resolved)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new BindFailedException(address, bound.cause());
    }
    server = bound.channel();
    port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  private NettyTransport start(long session, Map<Integer, InetSocketAddress> replicas) {
    start(session, replicas.size(), replicas);
    return this;
  }

  private void start(long session, int count, Map<Integer, InetSocketAddress> replicas) {
    execute(hub::start);
    for (int id = 0; id < count; id++) {
      Dialer dialer = new Dialer(hub, Principal.replica(id), session, replicas.get(id), lookups);
      execute(dialer::dial);
    }
  }

  private void send(Link link, Principal.Kind kind, int id, byte[] payload) {
    if (link == null) {
      reports.onDropped(new Principal(kind, id), 1);
      return;
    }
    link.send(payload);
    if (link.claimDrain()) {
      undrained.add(link);
    }
  }

  private void drain() {
    // Before looking into the queue: what is added after the last look gets a wake-up of its own.
    awaitsDrain.set(false);
    for (Link link = undrained.poll(); link != null; link = undrained.poll()) {
      link.drain();
    }
  }

  private void execute(Runnable task) {
    if (!tryExecute(task) && !closed.get()) {
      throw new RejectedExecutionException("the transport's thread has been closed");
    }
  }

  /** Returns false when the loop has ended. */
  private boolean tryExecute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Waits for it; true also when interrupted. */
  private boolean isSilent(CountDownLatch silent) {
    try {
      if (!silent.await(EventLoopThread.CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
      Thread lookup = lookupThread;
      if (lookup != null) {
        lookup.join(EventLoopThread.CLOSE_TIMEOUT_MILLIS);
      }
      return lookup == null || !lookup.isAlive();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
