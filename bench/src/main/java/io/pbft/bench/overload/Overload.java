package io.pbft.bench.overload;

import io.pbft.bench.Directories;
import io.pbft.bench.Machine;
import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.LoadOptions;
import io.pbft.bench.process.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench/run overload}. */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    description = {
      "Four replica processes under the load that they bear best, then ten times as much from honest"
          + " clients, then from a greedy one among them, then with a hostile client (a process of"
          + " its own) that floods them.",
      "Prints a table in Markdown: operations a second of the honest clients and their share of the"
          + " maximum, which is measured anew before each row; what each client got, what was refused"
          + " and put off, memory. Exits with 1 when honest clients keep less than 70 %%, an operation"
          + " fails, or a view changes."
    })
public final class Overload implements Callable<Integer> {
  private static final double FLOOR = 0.7;
  private static final int CLIENTS = 20;
  private static final int PER_SESSION = 1_000;
  private static final double SETTLE = 2;

  @Mixin private final LoadOptions common = new LoadOptions(70, 6, 7820);

  @Option(
      names = "--outstanding",
      defaultValue = "2000",
      description = "Operations in flight that the cluster bears best (default: ${DEFAULT-VALUE}).")
  private int outstanding;

  @Option(
      names = "--times",
      defaultValue = "10",
      description = "How much more is too much (default: ${DEFAULT-VALUE}).")
  private int times;

  @Option(
      names = "--flood",
      defaultValue = "20000",
      description = "Requests a second that the hostile client sends to each replica.")
  private int flood;

  /** What is measured in one row. */
  private interface Load {
    /** Starts it. */
    Fleet start(Path cluster) throws Exception;
  }

  private record Row(
      String name,
      double most,
      Fleet.Interval load,
      double besides,
      double taken,
      long refused,
      List<Long> views,
      long[] heap,
      long[] resident) {
    double share() {
      return load.opsPerSecond() / most;
    }

    /** The share of what the processors that the hostile client has left could do. */
    double shareOfTheRest() {
      return share() / (1 - taken);
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%s; %s; %d s each after %d s of warm-up%n%n",
        Machine.settings(),
        Machine.load(),
        common.seconds(),
        common.warmup());
    try (Cluster cluster =
        Cluster.start(Cluster.Options.at(common.port()).withClients(CLIENTS + 2))) {
      try (Fleet fleet = honest(cluster.configuration(), outstanding)) {
        fleet.measure(common.warmup(), 1);
      }
      List<Long> viewsBefore = cluster.views();
      row(cluster, times + " times as many in flight", dir -> honest(dir, times * outstanding));
      row(cluster, "the maximum, and one client that wants " + times + " times", this::greedy);
      for (Flooder.Mode mode : Flooder.Mode.values()) {
        hostile(cluster, mode);
      }
      print();
      List<Long> views = cluster.views();
      System.out.printf(
          "%n%s at the end; views %s; refused at all replicas: %s%n",
          Machine.load(), views, cluster.refusals());
      if (!views.equals(viewsBefore)) {
        failures.add("the view has changed");
      }
    }
    failures.forEach(each -> System.out.println("does not hold: " + each));
    return failures.isEmpty() ? 0 : 1;
  }

  private Fleet sustainable(Path cluster) throws Exception {
    return honest(cluster, outstanding);
  }

  /** Spread over all clients but the last two, as few sessions each as will do. */
  private static Fleet honest(Path cluster, int inFlight) throws Exception {
    Fleet fleet = new Fleet(new byte[0]);
    int sessions = (inFlight / CLIENTS + PER_SESSION - 1) / PER_SESSION;
    for (int client = 0; client < CLIENTS; client++) {
      fleet.connect(cluster, client, sessions);
    }
    return fleet.closedLoop(inFlight);
  }

  /** Honest ones as before, and one with many sessions; only the former are in the figures. */
  private Fleet greedy(Path cluster) throws Exception {
    Fleet greedy = new Fleet(new byte[0]);
    int inFlight = times * outstanding;
    greedy.connect(cluster, CLIENTS, (inFlight + PER_SESSION - 1) / PER_SESSION);
    greedy.closedLoop(inFlight);
    return honest(cluster, outstanding).with(greedy);
  }

  private void hostile(Cluster cluster, Flooder.Mode mode) throws Exception {
    Path logs = Files.createTempDirectory("flooder");
    double most = most(cluster);
    try (Processes flooder = new Processes(logs)) {
      List<String> arguments =
          List.of(cluster.configuration().toString(), "" + (CLIENTS + 1), mode.name(), "" + flood);
      flooder.launch(Processes.FLAGS, Flooder.class, arguments);
      flooder.awaitReady();
      String name = mode.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      row(cluster, "the maximum, and a flood: " + name, most, this::sustainable, flooder::cpu);
      flooder.checkAlive();
    } finally {
      Directories.delete(logs);
    }
  }

  private double most(Cluster cluster) throws Exception {
    try (Fleet fleet = sustainable(cluster.configuration())) {
      return fleet.measure(SETTLE, common.seconds()).opsPerSecond();
    }
  }

  private void row(Cluster cluster, String name, Load load) throws Exception {
    row(cluster, name, most(cluster), load, () -> Duration.ZERO);
  }

  private void row(
      Cluster cluster, String name, double most, Load load, Supplier<Duration> hostileTime)
      throws Exception {
    Map<String, Long> before = cluster.refusals();
    Fleet.Interval it;
    double besides;
    double taken;
    long[] resident;
    try (Fleet fleet = load.start(cluster.configuration())) {
      long begin = System.nanoTime();
      Duration took = hostileTime.get();
      it = fleet.measure(SETTLE, common.seconds());
      long passed = (System.nanoTime() - begin) * Runtime.getRuntime().availableProcessors();
      taken = hostileTime.get().minus(took).toNanos() / (double) passed;
      besides = fleet.besides();
      resident = cluster.residentMegabytes();
    }
    cluster.checkAlive();
    Map<String, Long> more = new TreeMap<>(cluster.refusals());
    before.forEach((reason, count) -> more.merge(reason, -count, Long::sum));
    rows.add(
        new Row(
            name,
            most,
            it,
            besides,
            taken,
            more.getOrDefault("CLIENT_THROTTLED", 0L) + more.getOrDefault("BAD_CLIENT_AUTH", 0L),
            cluster.views(),
            cluster.heapMegabytes(),
            resident));
    System.out.printf(
        Locale.ROOT, "%s: %,.0f operations a second of %,.0f%n", name, it.opsPerSecond(), most);
    if (it.errors() > 0) {
      failures.add(name + ": " + it.problems());
    }
  }

  private void print() {
    System.out.println(
        "\n| load | the maximum before, ops/s | ops/s | share | the hostile one's processor time | share of the rest | the greedy one's | p50 ms | p99 ms |"
            + " least and most of a client | Jain | refused | put off | sent to all | views |"
            + " heap MB | RAM MB |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (Row row : rows) {
      long[] got = row.load.byClient();
      System.out.printf(
          Locale.ROOT,
          "| %s | %,.0f | %,.0f | **%.2f** | %.2f | **%.2f** | %,.0f | %.1f | %.1f | %,d to %,d | %.3f | %,d | %,d | %,d |"
              + " %s | %s | %s |%n",
          row.name,
          row.most,
          row.load.opsPerSecond(),
          row.share(),
          row.taken,
          row.shareOfTheRest(),
          row.besides,
          row.load.millis(50),
          row.load.millis(99),
          Arrays.stream(got).min().orElse(0),
          Arrays.stream(got).max().orElse(0),
          row.load.fairness(),
          row.refused,
          row.load.backedOff(),
          row.load.retransmitted(),
          row.views,
          Cluster.range(row.heap),
          Cluster.range(row.resident));
      if (row.shareOfTheRest() < FLOOR) {
        failures.add(
            row.name + ": less than " + FLOOR + " of what the processors that were left could do");
      }
    }
  }
}
