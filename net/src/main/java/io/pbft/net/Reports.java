package io.pbft.net;

import io.pbft.core.message.Reason;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a transport tells: to the listener, to the log and by counters. Except for the counters it
 * belongs to the event loop. An exception of the listener is logged and goes no further, except
 * from a payload: that one costs the link.
 */
final class Reports {
  private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

  private final Transport.Listener listener;
  private final RefusalLog refusalLog = new RefusalLog(System::nanoTime, LOG::warn);
  // Filled at the start, so that any thread may read it.
  private final Map<Reason, LongAdder> refusals = new EnumMap<>(Reason.class);
  private final Map<Principal, LongAdder> dropped = new ConcurrentHashMap<>();
  // Links that close because we do are no news.
  private boolean silent;

  Reports(Transport.Listener listener) {
    this.listener = listener;
    for (Reason reason : Reason.values()) {
      refusals.put(reason, new LongAdder());
    }
  }

  void onPayload(Session session, byte[] buffer, int offset, int length) {
    if (!silent) {
      listener.onPayload(session.peer(), session.session(), buffer, offset, length);
    }
  }

  void onBurstEnd() {
    if (!silent) {
      listener.onBurstEnd();
    }
  }

  void onConnected(Session session) {
    LOG.debug("linked with {}", session.peer());
    tell(() -> listener.onConnected(session));
  }

  void onDisconnected(Session session) {
    LOG.debug("lost {}", session.peer());
    tell(() -> listener.onDisconnected(session.peer(), session.session()));
  }

  /** {@code peer} is null while nobody is authenticated. */
  void onRefused(Principal peer, Reason reason, String detail) {
    refusals.get(reason).increment();
    refusalLog.refused(reason, detail);
    tell(() -> listener.onRefused(peer, reason, detail));
  }

  void onDropped(Principal peer, long payloads) {
    if (payloads > 0) {
      dropped.computeIfAbsent(peer, key -> new LongAdder()).add(payloads);
    }
  }

  void tick() {
    refusalLog.tick();
  }

  /** The listener hears nothing from now on. */
  void silence() {
    silent = true;
  }

  Map<Reason, Long> refusals() {
    Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    refusals.forEach(
        (reason, count) -> {
          if (count.sum() > 0) {
            counts.put(reason, count.sum());
          }
        });
    return counts;
  }

  Map<Principal, Long> dropped() {
    Map<Principal, Long> counts = new TreeMap<>();
    dropped.forEach((peer, count) -> counts.put(peer, count.sum()));
    return counts;
  }

  private void tell(Runnable event) {
    if (silent) {
      return;
    }
    try {
      event.run();
    } catch (RuntimeException e) {
      LOG.error("the transport's listener failed", e);
    }
  }
}
