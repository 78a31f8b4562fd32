package io.pbft.bench.soak;

import io.pbft.bench.Machine;
import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.LoadOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench/run soak}. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = {
      "Four replica processes at a fixed rate, a share of what they do at most, which is measured"
          + " first. Operations begin when they are due, whatever becomes of those before, and their"
          + " times count from then.",
      "Prints a row each interval: rate, latencies, the longest time without an answer, memory (the"
          + " heap after a collection, made between two intervals). Exits with 1 unless memory and"
          + " latency of the last quarter are those of the second, nothing stood still, nothing"
          + " failed, and the view is the one after the warm-up."
    })
public final class Soak implements Callable<Integer> {
  private static final int SESSIONS = 4;

  /** How much more the last quarter may have than the second: of the heap, and of a latency. */
  private static final double HEAP_GROWTH = 1.1;

  private static final double HEAP_MEGABYTES = 4;
  private static final double LATENCY_GROWTH = 1.5;
  private static final double LATENCY_MILLIS = 2;
  private static final double RATE = 0.99;

  @Mixin private final LoadOptions common = new LoadOptions(60, 10, 7840);

  @Option(
      names = "--for",
      defaultValue = "1200",
      description = "Seconds (default: ${DEFAULT-VALUE}).")
  private int duration;

  @Option(
      names = "--interval",
      defaultValue = "30",
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
      names = "--durability",
      defaultValue = "memory",
      description = "memory or sync (default: ${DEFAULT-VALUE}).")
  private String durability;

  private record Row(Fleet.Interval load, long[] heap, long[] resident, List<Long> views) {}

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
      System.out.println(
          "| s | ops/s | p50 ms | p99 ms | longest without an answer ms | failed | put off |"
              + " heap MB | RAM MB | views |");
      System.out.println("|---|---|---|---|---|---|---|---|---|---|");
      try (Fleet fleet =
          new Fleet(new byte[0])
              .connect(cluster.configuration(), 0, SESSIONS)
              .openLoop(perSecond)) {
        fleet.measure(5, 0);
        long begun = System.nanoTime();
        while (elapsed(begun) < duration) {
          Fleet.Interval load = fleet.measure(0, interval);
          Row row =
              new Row(load, cluster.heapMegabytes(), cluster.residentMegabytes(), cluster.views());
          // Not the collection's pause.
          fleet.look();
          cluster.checkAlive();
          print(elapsed(begun), row);
          rows.add(row);
        }
      }
    }
    System.out.println();
    return verdict(rows, views, perSecond);
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

  private static void print(double second, Row row) {
    System.out.printf(
        Locale.ROOT,
        "| %.0f | %,.0f | %.2f | %.2f | %.0f | %d | %d | %s | %s | %s |%n",
        second,
        row.load.opsPerSecond(),
        row.load.millis(50),
        row.load.millis(99),
        row.load.longestGapMicros() / 1e3,
        row.load.errors(),
        row.load.backedOff(),
        text(row.heap),
        text(row.resident),
        row.views);
  }

  private static String text(long[] values) {
    return Arrays.toString(values).replaceAll("[\\[\\]]", "");
  }

  /** The median of what the rows of one quarter say. */
  private static double quarter(List<Row> rows, int number, ToDoubleFunction<Row> value) {
    int begin = rows.size() * (number - 1) / 4;
    int end = Math.max(begin + 1, rows.size() * number / 4);
    double[] sorted = rows.subList(begin, end).stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private int verdict(List<Row> rows, List<Long> views, double perSecond) {
    boolean holds =
        isFlat("heap after a collection, MB", rows, Soak::heap, HEAP_GROWTH, HEAP_MEGABYTES);
    holds &= isFlat("p50 ms", rows, r -> r.load.millis(50), LATENCY_GROWTH, LATENCY_MILLIS);
    holds &= isFlat("p99 ms", rows, r -> r.load.millis(99), LATENCY_GROWTH, LATENCY_MILLIS);
    double longest =
        rows.stream().mapToDouble(r -> r.load.longestGapMicros() / 1e3).max().orElse(0);
    holds &= say(longest < stallMillis, "longest without an answer: %.0f ms", longest);
    long failed = rows.stream().mapToLong(r -> r.load.errors()).sum();
    holds &= say(failed == 0, "failed: %d", failed);
    boolean oneView = views.size() == 1 && rows.stream().allMatch(r -> r.views.equals(views));
    holds &= say(oneView, "views: %s, at first %s", rows.get(rows.size() - 1).views, views);
    double done = rows.stream().mapToDouble(r -> r.load.micros().getTotalCount()).sum();
    double seconds = rows.stream().mapToDouble(r -> r.load.seconds()).sum();
    holds &= say(done / seconds >= RATE * perSecond, "operations a second: %,.0f", done / seconds);
    System.out.println(holds ? "holds" : "DOES NOT HOLD");
    return holds ? 0 : 1;
  }

  private static double heap(Row row) {
    return Arrays.stream(row.heap).max().orElse(0);
  }

  private static boolean isFlat(
      String what, List<Row> rows, ToDoubleFunction<Row> value, double factor, double allowance) {
    double before = quarter(rows, 2, value);
    double after = quarter(rows, 4, value);
    boolean flat = after <= before * factor + allowance;
    return say(flat, "%s: %.1f in the second quarter, %.1f in the last", what, before, after);
  }

  private static boolean say(boolean holds, String format, Object... values) {
    System.out.println((holds ? "yes  " : "NO   ") + String.format(Locale.ROOT, format, values));
    return holds;
  }
}
