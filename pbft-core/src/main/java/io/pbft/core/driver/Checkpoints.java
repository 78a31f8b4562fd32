package io.pbft.core.driver;

import io.pbft.core.ProtocolConfig;
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

  /** What came from a replica. */
  record Waiting(Principal peer, long session, byte[] payload) {}

  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicIntegerArray waiting;
  private final int perReplica;

  /** With room for as many of each replica as a log has, with the one it starts from. */
  Checkpoints(ProtocolConfig protocol) {
    this.waiting = new AtomicIntegerArray(protocol.n());
    this.perReplica = 1 + protocol.logWindow() / protocol.checkpointInterval();
  }

  /** False when there is no room for this replica's. */
  boolean offer(Principal replica, long session, byte[] payload) {
    if (waiting.incrementAndGet(replica.id()) > perReplica) {
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
