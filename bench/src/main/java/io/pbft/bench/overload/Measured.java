package io.pbft.bench.overload;

import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.Pace;
import io.pbft.bench.process.Processes;
import io.pbft.bench.process.ProcessorTime;
import io.pbft.bench.process.Rival;
import io.pbft.core.message.StatusReport;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What became of a load, and what it cost.
 *
 * @param honest what the honest clients got
 * @param rival what the rival did
 * @param taken the share of all processors that the rival took for itself
 * @param perBatch requests in a batch, on average
 * @param microsOfReplicas processor time of all replicas for an operation of anybody
 * @param microsOfHonest processor time of the honest clients' process for an operation of theirs
 * @param stolen percentage of all processor time that the host withheld; NaN when not known
 * @param pace what a fixed piece of work took meanwhile, in microseconds of processor time
 * @param residentMegabytes of each replica
 */
record Measured(
    Fleet.Interval honest,
    Rival.Since rival,
    double taken,
    double perBatch,
    double microsOfReplicas,
    double microsOfHonest,
    double stolen,
    double pace,
    long[] residentMegabytes) {

  /** All that has been counted at one moment, to be compared with a later one. */
  private record Moment(
      long nanos,
      Duration rival,
      Duration replicas,
      Duration here,
      ProcessorTime machine,
      long batches) {
    static Moment now(Cluster cluster, Rival rival) throws Exception {
      long batches =
          cluster.status().stream().mapToLong(StatusReport::lastExecuted).max().orElse(0);
      return new Moment(
          System.nanoTime(),
          rival.cpu(),
          cluster.cpu(),
          Processes.cpu(ProcessHandle.current()),
          ProcessorTime.now(),
          batches);
    }
  }

  /** Lets the load run for a while, and measures it then. */
  static Measured of(Cluster cluster, Fleet fleet, Rival rival, int settleSeconds, int seconds)
      throws Exception {
    TimeUnit.SECONDS.sleep(settleSeconds);
    Moment begin = Moment.now(cluster, rival);
    rival.look();
    fleet.look();
    double paceMicros;
    try (Pace pace = Pace.start()) {
      TimeUnit.SECONDS.sleep(seconds);
      paceMicros = pace.end();
    }
    Fleet.Interval honest = fleet.look();
    Rival.Since besides = rival.look();
    Moment end = Moment.now(cluster, rival);
    rival.checkAlive();
    double passed = end.nanos - begin.nanos;
    double all = (honest.opsPerSecond() + besides.answered() / honest.seconds()) * passed / 1e9;
    return new Measured(
        honest,
        besides,
        nanos(begin.rival, end.rival) / passed / Runtime.getRuntime().availableProcessors(),
        all / Math.max(1, end.batches - begin.batches),
        nanos(begin.replicas, end.replicas) / 1e3 / all,
        nanos(begin.here, end.here) / 1e3 / (honest.opsPerSecond() * passed / 1e9),
        ProcessorTime.stolenPercent(begin.machine, end.machine),
        paceMicros,
        cluster.residentMegabytes());
  }

  /** Operations a second of the rival. */
  double besides() {
    return rival.answered() / honest.seconds();
  }

  private static double nanos(Duration from, Duration to) {
    return to.minus(from).toNanos();
  }
}
