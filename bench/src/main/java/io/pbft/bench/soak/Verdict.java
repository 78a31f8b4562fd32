package io.pbft.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Whether what a soak has shown is flat, and why. */
final class Verdict {
  /** How much more the last quarter may have than the second: of the heap, and of a latency. */
  private static final double HEAP_GROWTH = 1.1;

  private static final double HEAP_MEGABYTES = 4;
  private static final double LATENCY_GROWTH = 1.5;
  private static final double LATENCY_MILLIS = 2;
  private static final double RATE = 0.99;

  /**
   * What is asked for.
   *
   * @param views after the warm-up
   * @param perSecond operations
   * @param stallMillis without an answer that are a stall
   */
  record Criterion(List<Long> views, double perSecond, int stallMillis) {}

  private final List<Row> rows;
  private final List<String> lines = new ArrayList<>();
  private boolean holds = true;

  private Verdict(List<Row> rows) {
    this.rows = rows;
  }

  /** Of at least one row. */
  static Verdict of(List<Row> rows, Criterion criterion) {
    Verdict verdict = new Verdict(rows);
    verdict.judge(criterion);
    return verdict;
  }

  boolean holds() {
    return holds;
  }

  /** A line for each part of the criterion, and the verdict last. */
  List<String> lines() {
    return lines;
  }

  private void judge(Criterion criterion) {
    isFlat("heap after a collection, MB", Row::mostHeap, HEAP_GROWTH, HEAP_MEGABYTES);
    isFlat("p50 ms", r -> r.load().millis(50), LATENCY_GROWTH, LATENCY_MILLIS);
    isFlat("p99 ms", r -> r.load().millis(99), LATENCY_GROWTH, LATENCY_MILLIS);
    double longest =
        rows.stream().mapToDouble(r -> r.load().longestGapMicros() / 1e3).max().orElse(0);
    say(longest < criterion.stallMillis, "longest without an answer: %.0f ms", longest);
    long failed = rows.stream().mapToLong(Row::failed).sum();
    say(failed == 0, "failed: %d", failed);
    boolean oneView =
        criterion.views.size() == 1
            && rows.stream().allMatch(r -> r.views().equals(criterion.views));
    say(oneView, "views: %s, at first %s", rows.get(rows.size() - 1).views(), criterion.views);
    double done = rows.stream().mapToDouble(r -> r.load().micros().getTotalCount()).sum();
    double seconds = rows.stream().mapToDouble(r -> r.load().seconds()).sum();
    say(done / seconds >= RATE * criterion.perSecond, "operations a second: %,.0f", done / seconds);
    lines.add(holds ? "HOLDS" : "DOES NOT HOLD");
  }

  /** The median of what the rows of one quarter say. */
  private double quarter(int number, ToDoubleFunction<Row> value) {
    int begin = rows.size() * (number - 1) / 4;
    int end = Math.max(begin + 1, rows.size() * number / 4);
    double[] sorted = rows.subList(begin, end).stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private void isFlat(String what, ToDoubleFunction<Row> value, double factor, double allowance) {
    double before = quarter(2, value);
    double after = quarter(4, value);
    say(
        after <= before * factor + allowance,
        "%s: %.1f in the second quarter, %.1f in the last",
        what,
        before,
        after);
  }

  private void say(boolean good, String format, Object... values) {
    holds &= good;
    lines.add((good ? "yes  " : "NO   ") + String.format(Locale.ROOT, format, values));
  }
}
