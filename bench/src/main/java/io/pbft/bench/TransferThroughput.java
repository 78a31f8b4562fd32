package io.pbft.bench;

import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.driver.ReplicaListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Throughput with all four replicas at work, and while the fourth, with an empty disk, fetches the
 * whole state from the others and catches up with them.
 */
@Command(
    name = "transfer-throughput",
    description = "What does state transfer cost the normal case?",
    mixinStandardHelpOptions = true)
final class TransferThroughput implements Callable<Integer> {
  private static final int EMPTIED = 3;
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Beyond what anybody keeps. */
  private static final long SETTLED = ProtocolConfig.DEFAULT_HISTORY + 8 * 128;

  /** Caught up: no further behind than a checkpoint. */
  private static final long NEAR = 128;

  @Mixin private final KvOptions options = new KvOptions(200, 200, 10);

  @Option(names = "--rounds", description = "how often to empty the replica (${DEFAULT-VALUE})")
  private int rounds = 5;

  @Option(names = "--limit", description = "seconds that catching up may take (${DEFAULT-VALUE})")
  private int limit = 300;

  @Option(names = "--verbose", description = "tell of each transfer, and how far behind it left")
  private boolean verbose;

  private final Machine machine = new Machine();
  private final AtomicLong transfers = new AtomicLong();
  private Load load;

  @Override
  public Integer call() throws Exception {
    Entries entries = options.begin();
    try (KvCluster cluster = options.start(entries, () -> ReplicaListener.NONE)) {
      try (Load running =
          new Load(cluster.configuration(), entries, options.inFlight(), nanos -> {})) {
        load = running;
        awaitCheckpoints(cluster);
        return rounds(cluster);
      }
    }
  }

  private int rounds(KvCluster cluster) throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%5s %14s %16s %7s %9s %11s%n",
        "round",
        "before, ops/s",
        "fetching, ops/s",
        "ratio",
        "seconds",
        "transfers");
    List<Double> ratios = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      double before = perSecond(options.seconds());
      cluster.stopAndEmpty(EMPTIED);
      transfers.set(0);
      machine.resetPauses();
      long done = load.done();
      long begun = System.nanoTime();
      cluster.start(EMPTIED, Entries.emptyStore(), new Transfers(cluster, begun));
      if (!awaitCaughtUp(cluster, begun)) {
        System.out.println("not caught up after " + limit + " s, " + Machine.load());
        return 1;
      }
      double took = (System.nanoTime() - begun) / 1e9;
      double during = (load.done() - done) / took;
      ratios.add(during / before);
      System.out.printf(
          Locale.ROOT,
          "%5d %14.0f %16.0f %7.2f %9.1f %11d   %s; %s%n",
          round,
          before,
          during,
          during / before,
          took,
          transfers.get(),
          Machine.load(),
          machine.collector());
    }
    ratios.sort(null);
    System.out.printf(
        Locale.ROOT,
        "median ratio %.2f, least %.2f%n",
        ratios.get(ratios.size() / 2),
        ratios.get(0));
    return 0;
  }

  /**
   * Until the log no longer goes back to the beginning: the replicas began with a filled store, and
   * one that executed everything from an empty one would end in another state.
   */
  private static void awaitCheckpoints(KvCluster cluster) {
    for (int id = 0; id < KvCluster.REPLICAS; id++) {
      while (cluster.replica(id).status().stableCheckpoint() < SETTLED) {
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private double perSecond(int forSeconds) {
    long done = load.done();
    long begun = System.nanoTime();
    long end = begun + TimeUnit.SECONDS.toNanos(forSeconds);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return (load.done() - done) / ((System.nanoTime() - begun) / 1e9);
  }

  private boolean awaitCaughtUp(KvCluster cluster, long begun) {
    long end = begun + TimeUnit.SECONDS.toNanos(limit);
    while (System.nanoTime() < end) {
      long executed = cluster.replica(EMPTIED).status().lastExecuted();
      if (transfers.get() > 0 && executed + NEAR >= cluster.replica(0).status().lastExecuted()) {
        return true;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return false;
  }

  private final class Transfers implements ReplicaListener {
    private final KvCluster cluster;
    private final long begun;

    Transfers(KvCluster cluster, long begun) {
      this.cluster = cluster;
      this.begun = begun;
    }

    @Override
    public void onObservation(Observation observation) {
      if (observation instanceof Observation.TransferFinished) {
        transfers.incrementAndGet();
      }
      boolean ofTransfer =
          observation instanceof Observation.TransferFinished
              || observation instanceof Observation.TransferStarted
              || observation instanceof Observation.DonorPassedOver
              || observation instanceof Observation.ViewChangeStarted
              || observation instanceof Observation.ViewEntered;
      if (verbose && ofTransfer) {
        System.out.printf(
            Locale.ROOT,
            "      %6.1f s: %s; the others are at %d%n",
            (System.nanoTime() - begun) / 1e9,
            observation,
            cluster.replica(0).status().lastExecuted());
      }
    }
  }
}
