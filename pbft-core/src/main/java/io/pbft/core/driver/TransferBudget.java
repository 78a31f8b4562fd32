package io.pbft.core.driver;

import java.util.concurrent.TimeUnit;

/**
 * How much state each replica may fetch from this one: the bytes of one frame's limit in each
 * status interval (with the defaults 8 MiB in 150 ms), so that serving a peer, however greedy, does
 * not slow the normal case by more than that. What exceeds it is not sent; the peer's fetch timer
 * asks again, here or elsewhere. The last answer may overdraw the budget. Owner thread only.
 */
final class TransferBudget {
  private final long bytesPerInterval;
  private final long intervalNanos;
  private final long[] left;
  private final long[] intervalStart;

  TransferBudget(int n, long bytesPerInterval, long intervalMillis, long nowNanos) {
    this.bytesPerInterval = bytesPerInterval;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMillis);
    this.left = new long[n];
    this.intervalStart = new long[n];
    for (int i = 0; i < n; i++) {
      left[i] = bytesPerInterval;
      intervalStart[i] = nowNanos;
    }
  }

  /** Whether anything may be sent to the peer now. */
  boolean hasRoom(int peer, long nowNanos) {
    if (nowNanos - intervalStart[peer] >= intervalNanos) {
      intervalStart[peer] = nowNanos;
      // What was overdrawn is paid back.
      left[peer] = Math.min(bytesPerInterval, left[peer] + bytesPerInterval);
    }
    return left[peer] > 0;
  }

  void spend(int peer, int bytes) {
    left[peer] -= bytes;
  }
}
