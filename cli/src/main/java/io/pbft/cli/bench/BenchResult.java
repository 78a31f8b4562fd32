package io.pbft.cli.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run measured.
 *
 * @param seconds measured
 * @param micros latencies of the operations that started and ended in that time
 * @param cpuMicros processor time of this process and {@code localReplicas} replicas in that time
 * @param endedReplicas how many of those ended meanwhile; they count with what was last read of
 *     them, a second before their end at the earliest
 * @param failures operations that failed, by why
 */
record BenchResult(
    double seconds,
    Histogram micros,
    long cpuMicros,
    int localReplicas,
    int endedReplicas,
    Map<String, Long> failures) {

  long errors() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  double opsPerSecond() {
    return micros.getTotalCount() / seconds;
  }

  /** Null where a part of the cluster runs elsewhere: its processor time is not known here. */
  Double cpuMicrosPerOp(int replicas) {
    boolean known = localReplicas == replicas && micros.getTotalCount() > 0;
    return known ? rounded((double) cpuMicros / micros.getTotalCount()) : null;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  Map<String, Object> fields(int replicas) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("opsPerSecond", rounded(opsPerSecond()));
    fields.put("p50Micros", micros.getValueAtPercentile(50));
    fields.put("p90Micros", micros.getValueAtPercentile(90));
    fields.put("p99Micros", micros.getValueAtPercentile(99));
    fields.put("p999Micros", micros.getValueAtPercentile(99.9));
    fields.put("maxMicros", micros.getMaxValue());
    fields.put("cpuMicrosPerOp", cpuMicrosPerOp(replicas));
    fields.put("replicasEnded", endedReplicas);
    fields.put("errors", errors());
    fields.put("failures", failures);
    return fields;
  }
}
