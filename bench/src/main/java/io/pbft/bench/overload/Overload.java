package io.pbft.bench.overload;

import io.pbft.bench.Machine;
import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.LoadOptions;
import io.pbft.bench.process.Rival;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
          + " maximum, which is measured anew before and after each row, and of what the processors"
          + " could do that the other client's process has left; what each client got, what was"
          + " refused and put off, what it cost, memory. Exits with 1 when beside a flood honest clients"
          + " keep less than 70 %% of the latter, otherwise all that are served less than 70 %% of"
          + " the maximum, an honest one gets less than 70 %% of an equal share or 1.5 times less"
          + " than another, an operation fails, or a view changes."
    })
public final class Overload implements Callable<Integer> {
  private static final double FLOOR = 0.7;
  private static final int CLIENTS = 20;
  private static final int PER_SESSION = 1_000;
  private static final double FAIR = 1.5;
  private static final int SETTLE = 2;

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
      names = "--request",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "Length of everybody's operations (default: ${DEFAULT-VALUE}).")
  private int request;

  @Option(
      names = "--flood",
      defaultValue = "20000",
      description = "Requests a second that the hostile client sends to each replica.")
  private int flood;

  @Option(
      names = "--case",
      defaultValue = ".*",
      description = "Only the rows whose names contain this regular expression.")
  private Pattern wanted;

  @Option(
      names = "--settle",
      paramLabel = "S",
      defaultValue = "50",
      description =
          "Seconds of each row's load before it counts, or what compilers make of code that has"
              + " not run before would be measured (default: ${DEFAULT-VALUE}).")
  private int settle;

  @Option(
      names = "--rounds",
      defaultValue = "1",
      description = "How often each is measured (default: ${DEFAULT-VALUE}).")
  private int rounds;

  private final List<Row> rows = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private Measured most;

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%s; %s; %d s each, after %d s of the same and %d s of warm-up before all%n%n",
        Machine.settings(),
        Machine.load(),
        common.seconds(),
        settle,
        common.warmup());
    try (Cluster cluster =
        Cluster.start(Cluster.Options.at(common.port()).withClients(CLIENTS + 2))) {
      try (Fleet fleet = honest(cluster.configuration(), outstanding)) {
        fleet.measure(common.warmup(), 1);
      }
      List<Long> viewsBefore = cluster.views();
      most = most(cluster);
      for (int i = 0; i < rounds; i++) {
        round(cluster);
      }
      print();
      List<Long> views = cluster.views();
      System.out.printf(
          "%n%s at the end; views %s after the warm-up, %s at the end; refused at all replicas: %s%n",
          Machine.load(), viewsBefore, views, cluster.refusals());
      if (!views.equals(viewsBefore)) {
        failures.add("the view has changed");
      }
    }
    failures.forEach(each -> System.out.println("does not hold: " + each));
    return failures.isEmpty() ? 0 : 1;
  }

  private void round(Cluster cluster) throws Exception {
    row(cluster, times + " times as many in flight", times * outstanding, Rival::nobody);
    row(
        cluster,
        "the maximum, and one client that wants " + times + " times",
        outstanding,
        this::greedy);
    for (Flooder.Mode mode : Flooder.Mode.values()) {
      row(
          cluster,
          "the maximum, and a flood: " + mode.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          outstanding,
          dir -> Flooder.start(dir, CLIENTS + 1, mode, flood, request));
    }
  }

  /** Spread over all clients but the last two, as few sessions each as will do. */
  private Fleet honest(Path cluster, int inFlight) throws Exception {
    Fleet fleet = new Fleet(new byte[request]);
    int sessions = sessions(inFlight / CLIENTS);
    for (int client = 0; client < CLIENTS; client++) {
      fleet.connect(cluster, client, sessions);
    }
    return fleet.closedLoop(inFlight);
  }

  private static int sessions(int inFlight) {
    return (inFlight + PER_SESSION - 1) / PER_SESSION;
  }

  private Rival greedy(Path cluster) throws Exception {
    int inFlight = times * outstanding;
    return Rival.greedy(cluster, CLIENTS, sessions(inFlight), inFlight, request);
  }

  private Measured most(Cluster cluster) throws Exception {
    try (Rival nobody = Rival.nobody(cluster.configuration());
        Fleet fleet = honest(cluster.configuration(), outstanding)) {
      return Measured.of(cluster, fleet, nobody, SETTLE, common.seconds());
    }
  }

  private void row(Cluster cluster, String name, int inFlight, Rival.Start rivals)
      throws Exception {
    if (!wanted.matcher(name).find()) {
      return;
    }
    Map<String, Long> before = cluster.refusals();
    Measured it;
    try (Rival rival = rivals.at(cluster.configuration());
        Fleet fleet = honest(cluster.configuration(), inFlight)) {
      it = Measured.of(cluster, fleet, rival, settle, common.seconds());
    }
    cluster.checkAlive();
    Map<String, Long> more = new TreeMap<>(cluster.refusals());
    before.forEach((reason, count) -> more.merge(reason, -count, Long::sum));
    long refused =
        more.getOrDefault("CLIENT_THROTTLED", 0L) + more.getOrDefault("BAD_CLIENT_AUTH", 0L);
    List<Long> views = cluster.views();
    long[] heap = cluster.heapMegabytes();
    Measured after = most(cluster);
    Row row = new Row(name, most, it, after, refused, views, heap);
    most = after;
    rows.add(row);
    System.out.println(row.shares());
    judge(row);
  }

  private void judge(Row row) {
    if (row.isServed() && row.shareOfAll() < FLOOR) {
      failures.add(row.name() + ": less than " + FLOOR + " of the maximum");
    }
    if (!row.isServed() && row.shareOfTheRest() < FLOOR) {
      failures.add(
          row.name() + ": less than " + FLOOR + " of what the processors that were left could do");
    }
    if (row.leastOfAnEqualShare() < FLOOR) {
      failures.add(row.name() + ": a client got less than " + FLOOR + " of an equal share");
    }
    if (row.spread() > FAIR) {
      failures.add(row.name() + ": one client got more than " + FAIR + " times what another got");
    }
    if (row.it().honest().errors() > 0) {
      failures.add(row.name() + ": " + row.it().honest().problems());
    }
  }

  private void print() {
    System.out.println("\n" + Row.SHARES);
    rows.forEach(row -> System.out.println(row.shares()));
    System.out.println("\n" + Row.COSTS);
    rows.forEach(row -> System.out.println(row.costs()));
  }
}
