package io.pbft.bench;

import io.pbft.core.driver.ReplicaListener;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a whole cluster in one process begins with, and the load that is put on it. */
final class KvOptions {
  @Mixin private final StateOptions state;

  @Option(names = "--in-flight", description = "puts in flight (${DEFAULT-VALUE})")
  private int inFlight;

  @Option(names = "--seconds", description = "how long to measure (${DEFAULT-VALUE})")
  private int seconds;

  @Option(names = "--base-port", description = "first of four free ports (${DEFAULT-VALUE})")
  private int basePort = 7650;

  KvOptions(int megabytes, int inFlight, int seconds) {
    this.state = new StateOptions(megabytes);
    this.inFlight = inFlight;
    this.seconds = seconds;
  }

  int inFlight() {
    return inFlight;
  }

  int seconds() {
    return seconds;
  }

  /** The state; prints what was asked for. */
  Entries begin() {
    System.out.println(Machine.settings());
    Entries entries = state.entries();
    System.out.printf(
        Locale.ROOT,
        "state: %d entries, %d MB at each of four replicas; puts of %d bytes over all of them,"
            + " %d in flight%n",
        entries.count(),
        state.megabytes(),
        state.valueBytes(),
        inFlight);
    return entries;
  }

  /** Starts all replicas with the state, each with a listener of its own. */
  KvCluster start(Entries entries, Supplier<ReplicaListener> listeners) throws Exception {
    KvCluster cluster = new KvCluster(basePort);
    try {
      for (int id = 0; id < KvCluster.REPLICAS; id++) {
        cluster.start(id, entries.filledStore(), listeners.get());
      }
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }
}
