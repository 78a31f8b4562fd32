package io.pbft.bench.profile;

import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Processes;
import java.time.Duration;

/**
 * Microseconds of processor time, as the processes count themselves.
 *
 * @param client of this process
 */
record Cpu(double replicas, double client) {
  static Cpu now(Cluster cluster) {
    return new Cpu(micros(cluster.cpu()), micros(Processes.cpu(ProcessHandle.current())));
  }

  private static double micros(Duration time) {
    return time.toNanos() / 1e3;
  }

  Cpu minus(Cpu earlier) {
    return new Cpu(replicas - earlier.replicas, client - earlier.client);
  }

  double sum() {
    return replicas + client;
  }
}
