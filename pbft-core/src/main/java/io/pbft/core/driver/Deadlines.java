package io.pbft.core.driver;

import io.pbft.core.TimerKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The core's timers: one deadline a kind, looked at by the owner thread between events. Arming and
 * cancelling, which happens with every request, costs no more than a map entry, and no timer can
 * fire beside a step.
 */
final class Deadlines {
  /** A timer whose time has come. */
  record Due(TimerKind kind, long generation) {}

  private record Armed(long generation, long deadlineNanos) {}

  private final Map<TimerKind, Armed> armed = new EnumMap<>(TimerKind.class);

  void arm(TimerKind kind, long generation, long delayMillis, long nowNanos) {
    long delay = TimeUnit.MILLISECONDS.toNanos(Math.max(0, delayMillis));
    armed.put(kind, new Armed(generation, nowNanos + delay));
  }

  void cancel(TimerKind kind) {
    armed.remove(kind);
  }

  /**
   * Takes out one timer whose time has come, the longest overdue first; null when there is none.
   */
  Due pollDue(long nowNanos) {
    TimerKind first = null;
    long least = 1;
    for (Map.Entry<TimerKind, Armed> entry : armed.entrySet()) {
      // Differences, not values: nanoTime may overflow.
      long left = entry.getValue().deadlineNanos() - nowNanos;
      if (left < least) {
        least = left;
        first = entry.getKey();
      }
    }
    return first == null ? null : new Due(first, armed.remove(first).generation());
  }

  /** Nanoseconds until the next deadline, at least 0; {@code otherwise} when none is armed. */
  long nanosLeft(long nowNanos, long otherwise) {
    long least = otherwise;
    for (Armed timer : armed.values()) {
      least = Math.min(least, timer.deadlineNanos() - nowNanos);
    }
    return Math.max(0, least);
  }
}
