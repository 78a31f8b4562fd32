package io.pbft.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Times of operations, those while a checkpoint was being made apart from the others. */
final class Pauses {
  private final Histogram during = new Histogram(3);
  private final Histogram away = new Histogram(3);

  synchronized void record(long nanos, boolean checkpoint) {
    (checkpoint ? during : away).recordValue(Math.max(0, nanos));
  }

  synchronized void print(String what) {
    System.out.printf(
        Locale.ROOT, "%-34s %8s %9s %9s %9s %9s%n", what, "count", "p50 ms", "p99", "p99.9", "max");
    print("  away from checkpoints", away);
    print("  while one is made", during);
  }

  private static void print(String name, Histogram times) {
    System.out.printf(
        Locale.ROOT,
        "%-34s %8d %9.2f %9.2f %9.2f %9.2f%n",
        name,
        times.getTotalCount(),
        millis(times.getValueAtPercentile(50)),
        millis(times.getValueAtPercentile(99)),
        millis(times.getValueAtPercentile(99.9)),
        millis(times.getMaxValue()));
  }

  private static double millis(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }
}
