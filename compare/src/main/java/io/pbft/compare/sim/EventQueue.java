package io.pbft.compare.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time, in microseconds. Ties are broken by the order of scheduling. */
public final class EventQueue {
  private record Entry(long at, long order, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
  private long now;
  private long order;

  public long now() {
    return now;
  }

  public void in(long delayMicros, Runnable action) {
    entries.add(new Entry(now + Math.max(0, delayMicros), order++, action));
  }

  /** Runs all that is due within that time, and lets it pass. */
  public void run(long micros) {
    long end = now + micros;
    boolean ran;
    do {
      ran = runNextBefore(end);
    } while (ran);
    now = end;
  }

  /** Runs the next action, if it is due by then. */
  boolean runNextBefore(long end) {
    if (entries.isEmpty() || entries.peek().at() > end) {
      return false;
    }
    Entry entry = entries.remove();
    now = entry.at();
    entry.action().run();
    return true;
  }
}
