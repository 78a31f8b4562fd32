package io.pbft.core.driver;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much state a replica sends to those who fetch it, all together: {@value #BYTES_PER_SECOND}
 * bytes a second, evenly, so that serving peers, however greedy, does not slow the normal case by
 * more than that. What exceeds it waits. {@link #giveBack} may be called from any thread, the rest
 * is for the owner.
 */
final class TransferBudget {
  static final long BYTES_PER_SECOND = 16L * 1024 * 1024;

  /** What may be sent at once after a quiet time. */
  static final long BURST_BYTES = 512 * 1024;

  private final AtomicLong left = new AtomicLong(BURST_BYTES);
  private long filledAt;

  TransferBudget(long nowNanos) {
    filledAt = nowNanos;
  }

  /** Takes bytes if any are left, overdrawing it if they are fewer. */
  boolean take(long bytes, long nowNanos) {
    fill(nowNanos);
    if (left.get() <= 0) {
      return false;
    }
    left.addAndGet(-bytes);
    return true;
  }

  /** Bytes that were taken were not needed. */
  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }

  /** Nanoseconds until something is left. */
  long nanosLeft(long nowNanos) {
    fill(nowNanos);
    long owed = 1 - left.get();
    return owed <= 0 ? 0 : owed * TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND + 1;
  }

  private void fill(long nowNanos) {
    double seconds = (nowNanos - filledAt) / (double) TimeUnit.SECONDS.toNanos(1);
    long bytes = (long) Math.min(seconds * BYTES_PER_SECOND, BURST_BYTES);
    if (bytes > 0) {
      filledAt = nowNanos;
      left.updateAndGet(before -> Math.min(BURST_BYTES, before + bytes));
    }
  }
}
