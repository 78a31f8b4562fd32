package io.pbft.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.pbft.crypto.Principal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a connection to one replica: dials, and dials again after each end, later each time.
 * Belongs to the event loop; host names are looked up elsewhere, since that may block, and anew
 * each time.
 */
final class Dialer {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
  private static final int MAX_DOUBLINGS = 20;

  private final Hub hub;
  private final Principal peer;
  private final long session;
  private final InetSocketAddress address;
  private final Executor lookups;
  private int failures;

  Dialer(Hub hub, Principal peer, long session, InetSocketAddress address, Executor lookups) {
    this.hub = hub;
    this.peer = peer;
    this.session = session;
    this.address = address;
    this.lookups = lookups;
  }

  Principal peer() {
    return peer;
  }

  /** The number of our session with it. */
  long session() {
    return session;
  }

  /** Dials; the end of the attempt, whatever it is, leads to the next. */
  void dial() {
    if (hub.isClosed()) {
      return;
    }
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.getHostString());
    if (literal != null) {
      connect(literal);
    } else {
      lookups.execute(this::lookUp);
    }
  }

  /** The connection is gone that lasted so long once it was a link; 0 if it never was one. */
  void onClosed(long lastedMillis, String why) {
    if (lastedMillis > hub.config().backoffMaxMillis()) {
      failures = 0;
    }
    retry(why);
  }

  private void lookUp() {
    try {
      InetAddress found = InetAddress.getByName(address.getHostString());
      onLoop(() -> connect(found));
    } catch (UnknownHostException e) {
      onLoop(() -> retry("unknown host"));
    }
  }

  private void onLoop(Runnable task) {
    try {
      hub.loop().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed while {} was looked up", address.getHostString());
    }
  }

  private void connect(InetAddress host) {
    if (hub.isClosed()) {
      return;
    }
    ChannelFuture connected =
        new Bootstrap()
            .group(hub.loop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, hub.config().connectTimeoutMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Connection.WATER_MARK)
            .handler(new Connection(hub, this))
            // Resolved here; and Netty's resolver would leave a thread behind for a second.
            .disableResolver()
            .connect(new InetSocketAddress(host, address.getPort()));
    var unusedSameFuture =
        connected.addListener(
            done -> {
              // Otherwise the connection's end is what leads to the next attempt.
              if (!done.isSuccess()) {
                retry(Names.reason(done.cause()));
              }
            });
  }

  private void retry(String why) {
    if (hub.isClosed()) {
      return;
    }
    long pause = pauseMillis();
    if (failures++ == 0) {
      LOG.info("no link with {} at {}, trying again: {}", peer, Names.of(address), why);
    } else {
      LOG.debug("{} at {} again in {} ms: {}", peer, Names.of(address), pause, why);
    }
    var unusedUntilLoopEnds = hub.loop().schedule(this::dial, pause, TimeUnit.MILLISECONDS);
  }

  /** From half of the backoff to all of it, so that not everyone dials at once. */
  private long pauseMillis() {
    long doubled = (long) hub.config().backoffMinMillis() << Math.min(failures, MAX_DOUBLINGS);
    long backoff = Math.min(doubled, hub.config().backoffMaxMillis());
    return ThreadLocalRandom.current().nextLong(backoff / 2, backoff + 1);
  }
}
