package io.pbft.core.viewchange;

import java.util.Arrays;

/**
 * When something that may have been lost is said again to each replica: a status tick later, then
 * after 2, 4, 8 ticks and so on. What is long fills a thin link when it is repeated faster than the
 * link carries it, and then nothing else gets through. Not thread safe.
 */
final class Repeats {
  /** The longest pause, in ticks: who has missed all that was said so far waits no longer. */
  static final int MAX_PAUSE = 16;

  private final long[] due;
  private final int[] pauses;
  private long tick;

  Repeats(int n) {
    due = new long[n];
    pauses = new int[n];
    Arrays.fill(pauses, 1);
  }

  void onTick() {
    tick++;
  }

  /** Something new has been said to everybody. */
  void saidToAll() {
    Arrays.fill(due, tick + 1);
    Arrays.fill(pauses, 2);
  }

  /** Something new is to be said, to everybody who needs it. */
  void sayToAll() {
    Arrays.fill(due, tick);
    Arrays.fill(pauses, 1);
  }

  /** What was said so far did not get there. */
  void sayAgainTo(int replica) {
    due[replica] = tick;
    pauses[replica] = 1;
  }

  boolean isDue(int replica) {
    return tick >= due[replica];
  }

  void saidTo(int replica) {
    due[replica] = tick + pauses[replica];
    pauses[replica] = Math.min(2 * pauses[replica], MAX_PAUSE);
  }
}
