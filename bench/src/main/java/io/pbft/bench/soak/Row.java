package io.pbft.bench.soak;

import io.pbft.bench.process.Fleet;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What one interval was like.
 *
 * @param failed operations, also those of the collections after it
 * @param heap megabytes of each replica's heap in use after a collection
 * @param resident megabytes of each replica in RAM
 * @param views that replicas were in at the end of it
 * @param stolenPercent of all processor time, withheld by the host; NaN where that is not known
 * @param cpuMicros processor time of all processes for an operation, in microseconds
 * @param pace what a fixed piece of work took meanwhile, in microseconds of processor time
 */
record Row(
    Fleet.Interval load,
    long failed,
    long[] heap,
    long[] resident,
    List<Long> views,
    double stolenPercent,
    double cpuMicros,
    double pace) {
  static final String HEADER =
      """
      | s | ops/s | p50 ms | p99 ms | longest without an answer ms | failed | put off | heap MB \
      | RAM MB | views | stolen % | CPU µs/op | a fixed piece of work µs |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|""";

  /** From so many percent on the host has disturbed what was measured. */
  static final double DISTURBED_PERCENT = 10;

  boolean isDisturbed() {
    return stolenPercent > DISTURBED_PERCENT;
  }

  /** The most of all replicas. */
  double mostHeap() {
    return Arrays.stream(heap).max().orElse(0);
  }

  String line(double second) {
    return String.format(
        Locale.ROOT,
        "| %.0f | %,.0f | %.2f | %.2f | %.0f | %d | %d | %s | %s | %s | %s | %.1f | %.0f |",
        second,
        load.opsPerSecond(),
        load.millis(50),
        load.millis(99),
        load.longestGapMicros() / 1e3,
        failed,
        load.backedOff(),
        text(heap),
        text(resident),
        views,
        stolen(),
        cpuMicros,
        pace);
  }

  private String stolen() {
    return Double.isNaN(stolenPercent)
        ? "-"
        : String.format(Locale.ROOT, isDisturbed() ? "%.1f, host" : "%.1f", stolenPercent);
  }

  private static String text(long[] values) {
    return Arrays.toString(values).replaceAll("[\\[\\]]", "");
  }
}
