package io.pbft.core.driver;

import io.pbft.core.codec.Limits;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Verified messages on their way from the transport's threads to the owner: a queue in order of
 * arrival, bounded by quotas. Each replica has its own quota, so that a flood from one traitor
 * leaves the others' room alone. Each client has its own, and all clients share one more; replicas
 * do not draw on it, so that clients are refused before any replica is.
 *
 * <p>A quota is overdrawn by at most one message for each thread that offers.
 */
final class Inbox {
  /** A message and where it came from. */
  record Arrival(Verified<?> message, Principal peer, long session, int bytes) {}

  static final int EVENTS_PER_PEER = 16_384;
  static final int EVENTS_OF_CLIENTS = 65_536;
  private static final int FRAMES_PER_PEER = 4;
  private static final int FRAMES_OF_CLIENTS = 8;

  private static final class Quota {
    private final int maxEvents;
    private final long maxBytes;
    private final AtomicInteger events = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Quota(int maxEvents, long maxBytes) {
      this.maxEvents = maxEvents;
      this.maxBytes = maxBytes;
    }

    boolean hasRoom() {
      return events.get() < maxEvents && bytes.get() < maxBytes;
    }

    void take(int size) {
      events.incrementAndGet();
      bytes.addAndGet(size);
    }

    void giveBack(int size) {
      events.decrementAndGet();
      bytes.addAndGet(-size);
    }
  }

  private final Queue<Arrival> queue = new ConcurrentLinkedQueue<>();
  private final Map<Principal, Quota> perPeer = new ConcurrentHashMap<>();
  private final Quota clients;
  private final long bytesPerPeer;

  Inbox(Limits limits) {
    this.clients = new Quota(EVENTS_OF_CLIENTS, (long) FRAMES_OF_CLIENTS * limits.frameBytes());
    this.bytesPerPeer = (long) FRAMES_PER_PEER * limits.frameBytes();
  }

  /** Any thread. False when there is no room for this peer. */
  boolean offer(Arrival arrival) {
    // Peers are in the configuration, as their handshakes have proven: the map is bounded by it.
    Quota quota =
        perPeer.computeIfAbsent(arrival.peer(), peer -> new Quota(EVENTS_PER_PEER, bytesPerPeer));
    boolean client = isClient(arrival);
    if (!quota.hasRoom() || (client && !clients.hasRoom())) {
      return false;
    }
    quota.take(arrival.bytes());
    if (client) {
      clients.take(arrival.bytes());
    }
    queue.add(arrival);
    return true;
  }

  /** The owner thread. The oldest arrival, or null. */
  Arrival poll() {
    Arrival arrival = queue.poll();
    if (arrival != null) {
      perPeer.get(arrival.peer()).giveBack(arrival.bytes());
      if (isClient(arrival)) {
        clients.giveBack(arrival.bytes());
      }
    }
    return arrival;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  private static boolean isClient(Arrival arrival) {
    return arrival.peer().kind() == Principal.Kind.CLIENT;
  }
}
