package io.pbft.bench;

import io.pbft.core.Observation;
import io.pbft.core.driver.ReplicaListener;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The same question as {@link CheckpointPause}, asked of a whole cluster: latencies at the client,
 * while some replica is between the execution of a checkpoint's batch and the checkpoint's becoming
 * stable there, and at other times.
 */
@Command(
    name = "cluster-pause",
    description = "How long does a checkpoint of a big state stop a client's operations?",
    mixinStandardHelpOptions = true)
final class ClusterPause implements Callable<Integer> {
  private static final int INTERVAL = 128;

  @Mixin private final KvOptions options = new KvOptions(1000, 20, 60);

  private final Machine machine = new Machine();
  private final Pauses pauses = new Pauses();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger checkpoints = new AtomicInteger();
  private volatile boolean measuring;

  @Override
  public Integer call() throws Exception {
    Entries entries = options.begin();
    try (KvCluster cluster = options.start(entries, Watch::new)) {
      try (Load load =
          new Load(cluster.configuration(), entries, options.inFlight(), this::record)) {
        // Until the first checkpoint, which hashes and writes everything, is over.
        while (cluster.replica(0).status().stableCheckpoint() < 2 * INTERVAL) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
        measure(load);
      }
    }
    return 0;
  }

  private void measure(Load load) {
    System.out.println("measuring, " + Machine.load());
    machine.resetPauses();
    checkpoints.set(0);
    long before = load.done();
    measuring = true;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.seconds());
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    measuring = false;
    System.out.printf(
        Locale.ROOT,
        "done, %s; %s%n%.0f operations a second, %d checkpoints%n",
        Machine.load(),
        machine.collector(),
        (load.done() - before) / (double) options.seconds(),
        checkpoints.get());
    pauses.print("latency at the client");
  }

  private void record(long nanos) {
    if (measuring) {
      pauses.record(nanos, underWay.get() > 0);
    }
  }

  /** Hears when one replica's checkpoint begins and ends. */
  private final class Watch implements ReplicaListener {
    private long last;
    private long open;

    @Override
    public void onObservation(Observation observation) {
      if (observation instanceof Observation.Executing e && e.sequence() % INTERVAL == 0) {
        last = e.sequence();
        if (open++ == 0) {
          underWay.incrementAndGet();
        }
      } else if (observation instanceof Observation.CheckpointStable e && open > 0) {
        checkpoints.incrementAndGet();
        if (e.sequence() >= last) {
          open = 0;
          underWay.decrementAndGet();
        }
      }
    }
  }
}
