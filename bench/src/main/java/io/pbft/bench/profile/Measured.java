package io.pbft.bench.profile;

import java.util.Locale;

/**
 * What one case cost.
 *
 * @param operations that were answered while stacks were taken
 * @param opsPerSecond in that time, of the measured client
 * @param counted processor time of all processes in it, as they count themselves
 * @param before the same for one operation, and without stacks
 */
record Measured(
    Case load,
    Operations operations,
    double opsPerSecond,
    Spent replicas,
    Spent client,
    Cpu counted,
    double before) {

  /**
   * Operations that were answered: the measured client's own, and with them a rival's, which the
   * replicas' time is shared out to, too.
   */
  record Operations(long own, long all) {
    /** What an operation has of what all took. */
    double part(double ofReplicas, double ofClient) {
      return ofReplicas / all + ofClient / own;
    }
  }

  private static final double LEAST = 0.005;

  /** How far the table's sum is from what the processes count, as a share of it. */
  double difference() {
    return (replicas.total() + client.total()) / counted.sum() - 1;
  }

  void print(Calibration machine) {
    System.out.printf(
        Locale.ROOT, "%n### %s: %,.0f operations a second%n%n", load.title(), opsPerSecond);
    System.out.println("| µs an operation | replicas | client | all | share |");
    System.out.println("|---|---|---|---|---|");
    for (Component each : Component.values()) {
      row(each.title(), replicas.of(each), client.of(each));
    }
    row("**sum**", replicas.total(), client.total());
    double sum = operations.part(replicas.total(), client.total());
    System.out.printf(
        Locale.ROOT,
        "%nThe five processes count %.1f µs an operation in the same time (the sum is %+.1f %% of"
            + " that), and %.1f before stacks were taken; %,d stacks.%n",
        operations.part(counted.replicas(), counted.client()),
        100 * difference(),
        before,
        replicas.samples() + client.samples());
    System.out.printf(
        Locale.ROOT,
        "By the system's count %.1f µs of it are the kernel's (replicas %.1f, client %.1f). A thread"
            + " had to wait %.2f times an operation (replicas %.2f, client %.2f). The whole is as"
            + " much as %s of nothing but messages.%n",
        operations.part(replicas.systemMicros(), client.systemMicros()),
        operations.part(replicas.systemMicros(), 0),
        operations.part(0, client.systemMicros()),
        operations.part((double) replicas.sleeps(), (double) client.sleeps()),
        operations.part((double) replicas.sleeps(), 0),
        operations.part(0, (double) client.sleeps()),
        roundTrips(sum, machine.roundTrips()));
  }

  private static String roundTrips(double micros, RoundTrips.Costs machine) {
    return String.format(Locale.ROOT, "%.1f round trips", micros / machine.free().cpuMicros())
        + machine
            .apart()
            .map(
                cost ->
                    String.format(
                        Locale.ROOT, " (%.1f between two processors)", micros / cost.cpuMicros()))
            .orElse("");
  }

  private void row(String title, double ofReplicas, double ofClient) {
    double both = operations.part(ofReplicas, ofClient);
    if (both < LEAST) {
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.1f %% |%n",
        title,
        operations.part(ofReplicas, 0),
        operations.part(0, ofClient),
        both,
        100 * both / operations.part(replicas.total(), client.total()));
  }
}
