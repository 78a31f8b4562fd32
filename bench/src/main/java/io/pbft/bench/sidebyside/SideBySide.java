package io.pbft.bench.sidebyside;

import io.pbft.bench.Machine;
import io.pbft.bench.process.LoadOptions;
import io.pbft.bench.sidebyside.Contestant.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench/run side-by-side}. */
@Command(
    name = "side-by-side",
    mixinStandardHelpOptions = true,
    description =
        "PBFT (4 replicas) and MicroRaft (3) under the same load over the same transport, in turn:"
            + " operations a second, latencies, processor time of all processes, and the ratio."
            + " Prints a table in Markdown; each figure is the median of the rounds.")
public final class SideBySide implements Callable<Integer> {
  private static final int PORTS_EACH = 10;

  @Mixin private final LoadOptions common = new LoadOptions(30, 5, 7800);

  @Option(
      names = "--outstanding",
      split = ",",
      defaultValue = "1,100,2000",
      description = "Operations in flight (default: ${DEFAULT-VALUE}).")
  private List<Integer> outstanding;

  @Option(
      names = "--payload",
      defaultValue = "128",
      description = "Bytes of an operation; its answer is empty (default: ${DEFAULT-VALUE}).")
  private int payload;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each is measured (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--durability",
      split = ",",
      defaultValue = "memory,sync",
      description = "memory, sync or both (default: ${DEFAULT-VALUE}).")
  private List<String> durability;

  /** One measurement. */
  private record Sample(double opsPerSecond, double p50, double p99, double cpuMicros) {}

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%s; %s; %d bytes, %d rounds of %d s after %d s of warm-up%n%n",
        Machine.settings(),
        Machine.load(),
        payload,
        rounds,
        common.seconds(),
        common.warmup());
    System.out.println(
        "| | outstanding | | ops/s | p50 ms | p99 ms | CPU µs/op | ops/s, least and most |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (String each : durability) {
      compare(each.equals("sync"));
    }
    System.out.println();
    System.out.println(Machine.load() + " at the end");
    return 0;
  }

  private void compare(boolean durable) throws Exception {
    int most = outstanding.stream().mapToInt(Integer::intValue).max().orElseThrow();
    try (Contestant pbft = Contestant.start(Kind.PBFT, durable, common.port(), most);
        Contestant raft = Contestant.start(Kind.RAFT, durable, common.port() + PORTS_EACH, most)) {
      List<Contestant> both = List.of(pbft, raft);
      for (Contestant each : both) {
        warmUp(each, most);
      }
      for (int load : outstanding) {
        table(durable, load, rounds(both, load));
      }
    }
  }

  /** With all loads, so that neither's code is compiled for one only. */
  private void warmUp(Contestant contestant, int most) throws Exception {
    for (int load : List.of(most, 1, most)) {
      Loop loop = new Loop(contestant.targets(load), new byte[payload], load);
      TimeUnit.SECONDS.sleep(Math.max(1, common.warmup() / 3));
      loop.stop();
    }
  }

  /** In turn, each time in the other order. */
  private Map<Kind, List<Sample>> rounds(List<Contestant> both, int load) throws Exception {
    Map<Kind, List<Sample>> samples = new EnumMap<>(Kind.class);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < both.size(); i++) {
        Contestant turn = both.get((i + round) % both.size());
        samples.computeIfAbsent(turn.kind(), k -> new ArrayList<>()).add(sample(turn, load));
      }
    }
    return samples;
  }

  private Sample sample(Contestant contestant, int load) throws Exception {
    Loop loop = new Loop(contestant.targets(load), new byte[payload], load);
    TimeUnit.SECONDS.sleep(1);
    long cpuBefore = contestant.cpu().toNanos();
    long begun = System.nanoTime();
    Histogram micros = loop.measure(common.seconds());
    double took = (System.nanoTime() - begun) / 1e9;
    double cpu = (contestant.cpu().toNanos() - cpuBefore) / 1e3;
    loop.stop();
    contestant.checkAlive();
    long count = micros.getTotalCount();
    return new Sample(
        count / took,
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        cpu / Math.max(1, count));
  }

  private static void table(boolean durable, int load, Map<Kind, List<Sample>> samples) {
    Sample pbft = median(samples.get(Kind.PBFT));
    Sample raft = median(samples.get(Kind.RAFT));
    String name = durable ? "durable" : "in memory";
    row(name, load, "PBFT, n=4", pbft, range(samples.get(Kind.PBFT)));
    row(name, load, "MicroRaft, n=3", raft, range(samples.get(Kind.RAFT)));
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | **PBFT : Raft** | %.2f | %.2f | %.2f | %.2f | |%n",
        name,
        load,
        pbft.opsPerSecond() / raft.opsPerSecond(),
        pbft.p50() / raft.p50(),
        pbft.p99() / raft.p99(),
        pbft.cpuMicros() / raft.cpuMicros());
  }

  private static void row(String name, int load, String who, Sample sample, String range) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %s | %,.0f | %.2f | %.2f | %.1f | %s |%n",
        name,
        load,
        who,
        sample.opsPerSecond(),
        sample.p50(),
        sample.p99(),
        sample.cpuMicros(),
        range);
  }

  private static String range(List<Sample> samples) {
    double[] sorted = samples.stream().mapToDouble(Sample::opsPerSecond).sorted().toArray();
    return String.format(Locale.ROOT, "%,.0f to %,.0f", sorted[0], sorted[sorted.length - 1]);
  }

  /** Of each figure for itself. */
  private static Sample median(List<Sample> samples) {
    return new Sample(
        median(samples.stream().mapToDouble(Sample::opsPerSecond).toArray()),
        median(samples.stream().mapToDouble(Sample::p50).toArray()),
        median(samples.stream().mapToDouble(Sample::p99).toArray()),
        median(samples.stream().mapToDouble(Sample::cpuMicros).toArray()));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
