package io.pbft.lab.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what happens next happens now. Ties are broken by the order of scheduling. */
final class EventQueue {
  private record Entry(long at, long order, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
  private long now;
  private long order;

  private long count;

  /** Events run so far. */
  long count() {
    return count;
  }

  /** Microseconds since the start. */
  long now() {
    return now;
  }

  void in(long delayMicros, Runnable action) {
    entries.add(new Entry(now + Math.max(0, delayMicros), order++, action));
  }

  /** The time of the next event, or -1 when there is none. */
  long next() {
    return entries.isEmpty() ? -1 : entries.peek().at();
  }

  void runNext() {
    Entry entry = entries.remove();
    now = entry.at();
    count++;
    entry.action().run();
  }
}
