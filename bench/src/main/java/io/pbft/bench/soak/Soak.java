package io.pbft.bench.soak;

import io.pbft.bench.Failures;
import io.pbft.bench.Machine;
import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.LoadOptions;
import io.pbft.bench.process.Pace;
import io.pbft.bench.process.Processes;
import io.pbft.bench.process.ProcessorTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench/run soak}. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Four replica processes at a fixed rate, a share of what they do at most, which is measured"
          + " first. Operations begin when they are due, or as soon as the client has room, and their"
          + " times count from when they were due; one that has waited too long for room fails.",
      "Prints a row each interval: rate, latencies, the longest time without an answer, memory (the"
          + " heap after a collection, made between two intervals), the share of all processor time"
          + " that the host of a virtual machine withheld, with 'host' above 10 %%, what an operation"
          + " took of it, and what a fixed piece of work took beside it.",
      "Exits with 1 unless memory and latency of the last quarter are those of the second, nothing"
          + " stood still, nothing failed, and the view is the one after the warm-up. Where the host"
          + " disturbed some rows, it says besides what the verdict would be without them."
    })
public final class Soak implements Callable<Integer> {
  private static final int SESSIONS = 4;
  private static final int SETTLE_SECONDS = 5;

  @Mixin private final LoadOptions common = new LoadOptions(60, 10, 7840);

  @Option(
      names = "--for",
      defaultValue = "1200",
      description = "Seconds (default: ${DEFAULT-VALUE}).")
  private int duration;

  @Option(
      names = "--interval",
      defaultValue = "60",
      description = "Seconds of a row (default: ${DEFAULT-VALUE}).")
  private int interval;

  @Option(
      names = "--share",
      defaultValue = "0.7",
      description = "Of the maximum (default: ${DEFAULT-VALUE}).")
  private double share;

  @Option(
      names = "--rate",
      description = "Operations a second, in place of a share of the maximum that is measured.")
  private Double rate;

  @Option(
      names = "--stall",
      defaultValue = "1000",
      description = "Milliseconds without any answer that are a stall (default: ${DEFAULT-VALUE}).")
  private int stallMillis;

  @Option(
      names = "--patience",
      defaultValue = "5",
      description =
          "Seconds that an operation may wait to begin before it fails (default: ${DEFAULT-VALUE}).")
  private double patience;

  @Option(
      names = "--durability",
      defaultValue = "memory",
      description = "memory or sync (default: ${DEFAULT-VALUE}).")
  private String durability;

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT, "%s; %s; durability %s%n", Machine.settings(), Machine.load(), durability);
    Cluster.Options options =
        Cluster.Options.at(common.port()).withDurable(durability.equals("sync"));
    List<Row> rows = new ArrayList<>();
    List<Long> views;
    double perSecond;
    try (Cluster cluster = Cluster.start(options)) {
      double most = maximum(cluster);
      perSecond = rate == null ? share * most : rate;
      views = cluster.views();
      System.out.printf(Locale.ROOT, "%,.0f operations a second for %d s%n%n", perSecond, duration);
      soak(cluster, perSecond, rows);
    }
    return verdict(rows, new Verdict.Criterion(views, perSecond, stallMillis));
  }

  private void soak(Cluster cluster, double perSecond, List<Row> rows) throws Exception {
    System.out.println(Row.HEADER);
    Failures failures = new Failures();
    try (Fleet fleet =
        new Fleet(new byte[0])
            .connect(cluster.configuration(), 0, SESSIONS)
            .openLoop(perSecond, patience)) {
      fleet.measure(SETTLE_SECONDS, 0);
      long begun = System.nanoTime();
      while (elapsed(begun) < duration) {
        Row row = row(cluster, fleet, failures);
        cluster.checkAlive();
        System.out.println(row.line(elapsed(begun)));
        rows.add(row);
      }
    }
    System.out.println("\n" + Failures.text(failures.take()));
  }

  private Row row(Cluster cluster, Fleet fleet, Failures failures) throws Exception {
    ProcessorTime before = ProcessorTime.now();
    Duration spentBefore = spent(cluster);
    Fleet.Interval load;
    double paceMicros;
    try (Pace pace = Pace.start()) {
      load = fleet.measure(0, interval);
      paceMicros = pace.end();
    }
    double micros = spent(cluster).minus(spentBefore).toNanos() / 1e3;
    double stolen = ProcessorTime.stolenPercent(before, ProcessorTime.now());
    long[] heap = cluster.heapMegabytes();
    long[] resident = cluster.residentMegabytes();
    List<Long> views = cluster.views();
    // Not the collection's pause; but what failed in it has failed.
    Fleet.Interval pause = fleet.look();
    for (Fleet.Interval each : List.of(load, pause)) {
      each.failures().forEach(failures::add);
    }
    return new Row(
        load,
        load.errors() + pause.errors(),
        heap,
        resident,
        views,
        stolen,
        micros / Math.max(1, load.micros().getTotalCount()),
        paceMicros);
  }

  /** Processor time so far, of the replicas and of the client. */
  private static Duration spent(Cluster cluster) {
    return cluster.cpu().plus(Processes.cpu(ProcessHandle.current()));
  }

  private static double elapsed(long begun) {
    return (System.nanoTime() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  private double maximum(Cluster cluster) throws Exception {
    try (Fleet fleet =
        new Fleet(new byte[0]).connect(cluster.configuration(), 0, SESSIONS).closedLoop(2_000)) {
      Fleet.Interval it = fleet.measure(common.warmup(), common.seconds());
      System.out.printf(
          Locale.ROOT,
          "maximum, 2,000 in flight: %,.0f operations a second, p50 %.1f ms, p99 %.1f ms%n",
          it.opsPerSecond(),
          it.millis(50),
          it.millis(99));
      return it.opsPerSecond();
    }
  }

  private static int verdict(List<Row> rows, Verdict.Criterion criterion) {
    Verdict verdict = Verdict.of(rows, criterion);
    verdict.lines().forEach(System.out::println);
    List<Row> undisturbed = rows.stream().filter(row -> !row.isDisturbed()).toList();
    int disturbed = rows.size() - undisturbed.size();
    if (disturbed > 0 && !undisturbed.isEmpty()) {
      System.out.printf("%nwithout %d rows that the host disturbed:%n", disturbed);
      Verdict.of(undisturbed, criterion).lines().forEach(System.out::println);
    }
    return verdict.holds() ? 0 : 1;
  }
}
