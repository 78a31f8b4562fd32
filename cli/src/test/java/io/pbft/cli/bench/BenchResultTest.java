package io.pbft.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.cli.Json;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What {@code --json} prints of a run. */
final class BenchResultTest {
  private static final Map<String, Long> FAILURES =
      new TreeMap<>(Map.of("no answer", 2L, "too \"large\"", 3L));

  @Test
  void failuresAreCountedAndNamed() {
    BenchResult result = new BenchResult(2, new Histogram(3), 0, 4, 0, FAILURES);
    assertThat(result.errors()).isEqualTo(5);
    assertThat(Json.write(result.fields(4)))
        .contains("\"errors\":5,\"failures\":{\"no answer\":2,\"too \\\"large\\\"\":3}");
  }

  @Test
  void processorTimeIsOfWholeClustersOnly() {
    Histogram micros = new Histogram(3);
    micros.recordValueWithCount(1_000, 100);
    BenchResult result = new BenchResult(2, micros, 5_000, 4, 0, Map.of());
    assertThat(result.fields(4)).containsEntry("cpuMicrosPerOp", 50.0);
    assertThat(result.fields(4)).containsEntry("opsPerSecond", 50.0);
    assertThat(result.fields(5)).as("one runs elsewhere").containsEntry("cpuMicrosPerOp", null);
  }

  @Test
  void itSaysThatReplicasEnded() {
    BenchResult result = new BenchResult(2, new Histogram(3), 0, 4, 1, Map.of());
    assertThat(result.fields(4)).containsEntry("replicasEnded", 1);
  }
}
