package io.pbft.bench.profile;

import java.util.Locale;

/**
 * What one case cost.
 *
 * @param operations that were answered while stacks were taken
 * @param opsPerSecond in that time
 * @param counted microseconds of processor time of all processes in it, as they count themselves
 * @param before the same for one operation, and without stacks
 */
record Measured(
    Case load,
    long operations,
    double opsPerSecond,
    Spent replicas,
    Spent client,
    double counted,
    double before) {
  private static final double LEAST = 0.005;

  /** How far the table's sum is from what the processes count, as a share of it. */
  double difference() {
    return (replicas.total() + client.total()) / counted - 1;
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
    double sum = (replicas.total() + client.total()) / operations;
    System.out.printf(
        Locale.ROOT,
        "%nThe five processes count %.1f µs an operation in the same time (the sum is %+.1f %% of"
            + " that), and %.1f before stacks were taken; %,d stacks.%n",
        counted / operations,
        100 * difference(),
        before,
        replicas.samples() + client.samples());
    System.out.printf(
        Locale.ROOT,
        "By the system's count %.1f µs of it are the kernel's (replicas %.1f, client %.1f). A thread"
            + " had to wait %.2f times an operation (replicas %.2f, client %.2f). The whole is as"
            + " much as %s of nothing but messages.%n",
        (replicas.systemMicros() + client.systemMicros()) / operations,
        replicas.systemMicros() / operations,
        client.systemMicros() / operations,
        (double) (replicas.sleeps() + client.sleeps()) / operations,
        (double) replicas.sleeps() / operations,
        (double) client.sleeps() / operations,
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
    double all = ofReplicas + ofClient;
    if (all / operations < LEAST) {
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.2f | %.1f %% |%n",
        title,
        ofReplicas / operations,
        ofClient / operations,
        all / operations,
        100 * all / (replicas.total() + client.total()));
  }
}
