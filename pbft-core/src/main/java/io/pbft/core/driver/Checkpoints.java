package io.pbft.core.driver;

import io.pbft.core.ProtocolConfig;
import io.pbft.crypto.Principal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Replicas' checkpoints whose signatures are still to be checked, in order of arrival: a few of
 * each replica, so that none takes another one's room.
 *
 * <p>All replicas send theirs at the same time, right after each has made its own, and operations
 * would wait for all of that. So the checks begin a moment later, and between two of them passes
 * several times what one takes; nothing needs them before the window is full.
 *
 * <p>{@link #offer} may be called from any thread, the rest is for the one that checks.
 */
final class Checkpoints {
  /** Longer ones are none. */
  static final int MAX_BYTES = 512;

  /** From a checkpoint's arrival until its check. */
  static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** So many times as long as a check took is rested after it. */
  static final int REST = 8;

  /** But no longer than this: a check that was interrupted says nothing of what one takes. */
  static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** What came from a replica, and when, in the nanoseconds of the clock. */
  record Waiting(Principal peer, long session, byte[] payload, long at) {}

  private final Runnable begun;
  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicIntegerArray waiting;
  private final int perReplica;
  private boolean resting;
  private long restsUntil;

  /**
   * With room for as many of each replica as a log has, with the one it starts from.
   *
   * @param begun called when one waits before which none did
   */
  Checkpoints(ProtocolConfig protocol, Runnable begun) {
    this.begun = begun;
    this.waiting = new AtomicIntegerArray(protocol.n());
    this.perReplica = 1 + protocol.logWindow() / protocol.checkpointInterval();
  }

  /** False when there is no room for this replica's. */
  boolean offer(Waiting arrived) {
    int replica = arrived.peer().id();
    if (waiting.incrementAndGet(replica) > perReplica) {
      waiting.decrementAndGet(replica);
      return false;
    }
    queue.add(arrived);
    if (arrived.equals(queue.peek())) {
      begun.run();
    }
    return true;
  }

  /** The oldest whose time has come, or null. */
  Waiting poll(long now) {
    if (nanosLeft(now, 1) > 0) {
      return null;
    }
    Waiting next = queue.remove();
    waiting.decrementAndGet(next.peer().id());
    return next;
  }

  /** A check took from one time to another. */
  void checked(long from, long until) {
    resting = true;
    restsUntil = until + Math.min(LONGEST_REST_NANOS, REST * (until - from));
  }

  /** Nanoseconds until {@link #poll} gives one, as far as is known; {@code most} at the most. */
  long nanosLeft(long now, long most) {
    Waiting next = queue.peek();
    if (next == null) {
      return most;
    }
    resting &= restsUntil - now > 0;
    long left = Math.max(next.at() + DELAY_NANOS - now, resting ? restsUntil - now : 0);
    return Math.min(most, Math.max(0, left));
  }
}
