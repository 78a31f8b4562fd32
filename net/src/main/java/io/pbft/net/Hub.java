package io.pbft.net;

import io.netty.channel.EventLoop;
import io.pbft.core.message.Reason;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What the connections of one transport share. Belongs to the event loop. */
final class Hub {
  private static final int SWEEPS_PER_TIMEOUT = 8;

  /** Holds each frame that packs several payloads. */
  private static final int OPENED_BYTES = 64 * 1024;

  private static final long MIN_SWEEP_MILLIS = 10;
  private static final long MAX_SWEEP_MILLIS = 1_000;

  private final TransportConfig config;
  private final HandshakeContext context;
  private final Reports reports;
  private final EventLoop loop;
  private final SecureRandom random = new SecureRandom();
  private final Links links;
  private final PendingHandshakes pending;
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final byte[] opened = new byte[OPENED_BYTES];
  private final long sweepMillis;
  private ScheduledFuture<?> sweeps;
  private Intake intake = Intake.ALL;
  private long lastSweepNanos;
  private long clock;
  private boolean closed;
  private boolean inBurst;

  Hub(TransportConfig config, HandshakeContext context, Reports reports, EventLoop loop) {
    this.config = config;
    this.context = context;
    this.reports = reports;
    this.loop = loop;
    this.links = new Links(config, context.self(), reports);
    this.pending =
        new PendingHandshakes(config.pendingHandshakes(), config.pendingHandshakesPerAddress());
    long shortest =
        Math.min(
            config.handshakeTimeoutMillis(),
            Math.min(config.frameTimeoutMillis(), config.silenceTimeoutMillis()));
    this.sweepMillis =
        Math.max(MIN_SWEEP_MILLIS, Math.min(MAX_SWEEP_MILLIS, shortest / SWEEPS_PER_TIMEOUT));
  }

  TransportConfig config() {
    return config;
  }

  HandshakeContext context() {
    return context;
  }

  Reports reports() {
    return reports;
  }

  EventLoop loop() {
    return loop;
  }

  /** An array for the payloads of one frame, until the next frame's. */
  byte[] roomFor(int bytes) {
    return bytes <= opened.length ? opened : new byte[bytes];
  }

  SecureRandom random() {
    return random;
  }

  Links links() {
    return links;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Milliseconds, as of the last sweep. It stands still while the event loop does: that we were
   * paused or slow is never held against a peer.
   */
  long now() {
    return clock;
  }

  /** Whether more than {@code millis} have passed since {@code then}, for certain. */
  boolean isOver(long then, long millis) {
    return clock - then > millis + sweepMillis;
  }

  /** Starts to watch the time. */
  void start() {
    lastSweepNanos = System.nanoTime();
    sweeps =
        loop.scheduleWithFixedDelay(this::sweep, sweepMillis, sweepMillis, TimeUnit.MILLISECONDS);
  }

  /** A connection is there, dialled or accepted. */
  void onOpened(Connection connection) {
    if (closed) {
      connection.close("this side is closed");
      return;
    }
    connections.add(connection);
    if (!connection.isDialled()) {
      Connection oldest = pending.add(connection);
      if (oldest != null) {
        oldest.refuse(
            Reason.PEER_THROTTLED, "too many unfinished handshakes: the oldest gives way");
      }
    }
  }

  /** Both sides of a connection are authenticated: its link, or null when it was refused. */
  Link onLinked(Connection connection, Session session) {
    pending.remove(connection);
    Principal peer = session.peer();
    boolean replica = peer.kind() == Principal.Kind.REPLICA;
    if (replica && !connection.isDialled() && peer.id() < context.self().id()) {
      connection.refuse(
          Reason.UNEXPECTED_TYPE, peer + " dialled, but of two replicas the higher id dials");
      return null;
    }
    Link link = links.add(connection, session, clock);
    connection.setAdmitted(intake.admits(peer.kind()));
    return link;
  }

  /** A connection is gone. */
  void onClosed(Connection connection) {
    connections.remove(connection);
    pending.remove(connection);
    Link link = connection.link();
    if (link != null && links.remove(link)) {
      reports.onDisconnected(link.session());
    }
  }

  /**
   * Payloads have been delivered. The burst ends when all that can be read now, from any link, has
   * been: the loop runs tasks after it has looked at its channels.
   */
  void onDelivered() {
    if (!inBurst) {
      inBurst = true;
      loop.execute(
          () -> {
            inBurst = false;
            reports.onBurstEnd();
          });
    }
  }

  void setIntake(Intake intake) {
    this.intake = intake;
    for (Connection connection : connections) {
      Link link = connection.link();
      if (link != null) {
        connection.setAdmitted(intake.admits(link.peer().kind()));
      }
    }
  }

  /** Closes all connections; the listener hears no more. */
  void close() {
    closed = true;
    reports.silence();
    if (sweeps != null) {
      sweeps.cancel(false);
    }
    for (Connection connection : snapshot()) {
      connection.close("this side is closed");
    }
  }

  private void sweep() {
    long nanos = System.nanoTime();
    long elapsed = TimeUnit.NANOSECONDS.toMillis(nanos - lastSweepNanos);
    lastSweepNanos = nanos;
    clock += Math.min(elapsed, 2 * sweepMillis);
    for (Connection connection : snapshot()) {
      connection.check();
    }
    links.tick();
    reports.tick();
  }

  private List<Connection> snapshot() {
    return new ArrayList<>(connections);
  }
}
