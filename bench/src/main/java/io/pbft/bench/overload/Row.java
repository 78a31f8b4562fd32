package io.pbft.bench.overload;

import io.pbft.bench.process.Cluster;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One kind of load, between two measurements of the honest clients alone under the load that the
 * cluster bears best: what this machine does varies.
 *
 * @param refused requests, at all replicas
 * @param views that the replicas were in after it
 * @param heapMegabytes of each replica after it, after a collection
 */
record Row(
    String name,
    Measured before,
    Measured it,
    Measured after,
    long refused,
    List<Long> views,
    long[] heapMegabytes) {
  static final String SHARES =
      "| load | the maximum before and after, ops/s | honest ops/s | share | the other one's ops/s"
          + " | share of all | the other one's processor time | honest share of the rest"
          + " | least and most of a client | the least, of an equal share | Jain |"
          + "\n|---|---|---|---|---|---|---|---|---|---|---|";

  static final String COSTS =
      "| load | p50 ms | p99 ms | requests a batch | µs of replicas an operation (the maximum)"
          + " | of honest clients (the maximum) | refused | put off (the other one's) | sent to all (the other one's) | stolen %"
          + " | a fixed piece of work µs (the maximum) | views | heap MB | RAM MB |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

  private double most() {
    return (before.honest().opsPerSecond() + after.honest().opsPerSecond()) / 2;
  }

  /** Of the maximum, the honest clients'. */
  double share() {
    return it.honest().opsPerSecond() / most();
  }

  /** The honest clients' of what the processors that the rival has left could do. */
  double shareOfTheRest() {
    return share() / (1 - it.taken());
  }

  /** Of the maximum, everybody's answers. */
  double shareOfAll() {
    return served() / most();
  }

  /** A rival that waits for answers is served like anybody, others leave what they leave. */
  boolean isServed() {
    return it.besides() > 0;
  }

  /** What the honest client that got least got of what everybody would have had alike. */
  double leastOfAnEqualShare() {
    int clients = it.honest().byClient().length + (isServed() ? 1 : 0);
    return least(it) / it.honest().seconds() / (served() / clients);
  }

  private double served() {
    return it.honest().opsPerSecond() + it.besides();
  }

  /** How many times as much the honest client that got most got as the one that got least. */
  double spread() {
    return (double) most(it) / Math.max(1, least(it));
  }

  private static long least(Measured of) {
    return Arrays.stream(of.honest().byClient()).min().orElse(0);
  }

  private static long most(Measured of) {
    return Arrays.stream(of.honest().byClient()).max().orElse(0);
  }

  /** In the table of {@link #SHARES}. */
  String shares() {
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f, %,.0f | %,.0f | **%.2f** | %,.0f | **%.2f** | %.2f | **%.2f** | %,d to %,d"
            + " | **%.2f** | %.3f |",
        name,
        before.honest().opsPerSecond(),
        after.honest().opsPerSecond(),
        it.honest().opsPerSecond(),
        share(),
        it.besides(),
        shareOfAll(),
        it.taken(),
        shareOfTheRest(),
        least(it),
        most(it),
        leastOfAnEqualShare(),
        it.honest().fairness());
  }

  /** In the table of {@link #COSTS}. */
  String costs() {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.0f | %.1f (%.1f) | %.1f (%.1f) | %,d | %,d (%,d) | %,d (%,d) | %.1f | %.0f (%.0f)"
            + " | %s | %s | %s |",
        name,
        it.honest().millis(50),
        it.honest().millis(99),
        it.perBatch(),
        it.microsOfReplicas(),
        (before.microsOfReplicas() + after.microsOfReplicas()) / 2,
        it.microsOfHonest(),
        (before.microsOfHonest() + after.microsOfHonest()) / 2,
        refused,
        it.honest().backedOff(),
        it.rival().backedOff(),
        it.honest().retransmitted(),
        it.rival().retransmitted(),
        it.stolen(),
        it.pace(),
        (before.pace() + after.pace()) / 2,
        views,
        Cluster.range(heapMegabytes),
        Cluster.range(it.residentMegabytes()));
  }
}
