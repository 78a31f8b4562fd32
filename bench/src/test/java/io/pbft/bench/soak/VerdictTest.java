package io.pbft.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.bench.process.Fleet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** When a soak is flat. Each row is a second of a hundred operations. */
final class VerdictTest {
  private static final Verdict.Criterion CRITERION = new Verdict.Criterion(List.of(3L), 100, 1_000);

  private final List<Row> rows = new ArrayList<>();

  private void row(long millis, long heap, long failed, long view, double stolen) {
    Histogram micros = new Histogram(3);
    micros.recordValueWithCount(millis * 1_000, 100);
    Fleet.Interval load = new Fleet.Interval(1, micros, 5_000, Map.of(), 0, 0, new long[] {100});
    rows.add(
        new Row(
            load, failed, new long[] {heap, 10}, new long[] {400}, List.of(view), stolen, 8, 42.4));
  }

  private void rows(int count) {
    for (int i = 0; i < count; i++) {
      row(5, 50, 0, 3, 0);
    }
  }

  private List<String> refused() {
    return Verdict.of(rows, CRITERION).lines().stream().filter(l -> l.startsWith("NO")).toList();
  }

  @Test
  void whatStaysAsItIsHolds() {
    rows(8);
    Verdict verdict = Verdict.of(rows, CRITERION);
    assertThat(verdict.holds()).isTrue();
    assertThat(verdict.lines()).hasSize(8).endsWith("HOLDS");
  }

  @Test
  void memoryAndLatencyThatGrowDoNot() {
    rows(4);
    for (int i = 0; i < 4; i++) {
      row(5 + 3 * i, 50 + 10 * i, 0, 3, 0);
    }
    assertThat(refused())
        .containsExactly(
            "NO   heap after a collection, MB: 50.0 in the second quarter, 80.0 in the last",
            "NO   p50 ms: 5.0 in the second quarter, 14.0 in the last",
            "NO   p99 ms: 5.0 in the second quarter, 14.0 in the last");
  }

  @Test
  void oneFailureOrAnotherViewIsEnough() {
    rows(7);
    row(5, 50, 1, 4, 0);
    assertThat(refused()).containsExactly("NO   failed: 1", "NO   views: [4], at first [3]");
  }

  @Test
  void aRowThatTheHostDisturbedSaysSo() {
    row(5, 50, 0, 3, 10.4);
    row(5, 50, 0, 3, 2.25);
    row(5, 50, 0, 3, Double.NaN);
    assertThat(rows.get(0).line(60))
        .isEqualTo(
            "| 60 | 100 | 5.00 | 5.00 | 5 | 0 | 0 | 50, 10 | 400 | [3] | 10.4, host | 8.0 | 42 |");
    assertThat(rows.get(1).line(61)).endsWith("| [3] | 2.3 | 8.0 | 42 |");
    assertThat(rows.get(2).line(62)).endsWith("| [3] | - | 8.0 | 42 |");
    assertThat(rows.stream().filter(Row::isDisturbed)).containsExactly(rows.get(0));
  }
}
