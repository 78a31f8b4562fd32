package io.pbft.core.driver;

import io.pbft.crypto.Principal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Replicas' checkpoints whose signatures are still to be checked, in order of arrival: a few of
 * each replica, so that none takes another one's room. Thread safe.
 */
final class Checkpoints {
  /** Longer ones are none. */
  static final int MAX_BYTES = 512;

  /** Of one replica; more than a log has checkpoints. */
  static final int PER_REPLICA = 16;

  /** What came from a replica. */
  record Waiting(Principal peer, long session, byte[] payload) {}

  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicIntegerArray waiting;

  /** With {@code n} replicas. */
  Checkpoints(int n) {
    this.waiting = new AtomicIntegerArray(n);
  }

  /** False when there is no room for this replica's. */
  boolean offer(Principal replica, long session, byte[] payload) {
    if (waiting.incrementAndGet(replica.id()) > PER_REPLICA) {
      waiting.decrementAndGet(replica.id());
      return false;
    }
    queue.add(new Waiting(replica, session, payload));
    return true;
  }

  /** The oldest, or null. */
  Waiting poll() {
    Waiting next = queue.poll();
    if (next != null) {
      waiting.decrementAndGet(next.peer().id());
    }
    return next;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }
}
