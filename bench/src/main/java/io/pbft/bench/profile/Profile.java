package io.pbft.bench.profile;

import io.pbft.bench.Entries;
import io.pbft.bench.Machine;
import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.LoadOptions;
import io.pbft.bench.process.Processes;
import io.pbft.bench.process.Rival;
import io.pbft.bench.process.StackSampler;
import io.pbft.examples.nothing.NullService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench/run profile}. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = {
      "Where the processor time of an operation goes, by component: four replica processes and this"
          + " one, their client, under each load in turn.",
      "Prints what this machine takes for a round trip between processes, a MAC, a digest and a"
          + " signature, and a table in Markdown for each load. The time of each thread is the"
          + " system's count, and shared out by stacks that are taken while it has the processor.",
      "Exits with 1 when a table's sum is not what the processes count, or an operation fails; with"
          + " 2 where the system does not count threads' time (there is no /proc), stacks can't be"
          + " taken, or an option is wrong."
    })
public final class Profile implements Callable<Integer> {
  private static final int UNABLE = 2;
  private static final double TOLERANCE = 0.05;
  private static final int WARM_UP_IN_FLIGHT = 2_000;
  private static final String LARGE_HEAP = "-Xmx2g";
  private static final long SEED = 3;

  @Mixin private final LoadOptions common = new LoadOptions(60, 10, 7880);

  @Option(
      names = "--case",
      split = ",",
      arity = "1..*",
      defaultValue = "one,hundred,full,kib,durable",
      description = "Which loads: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private List<Case> cases;

  @Option(
      names = "--settle",
      defaultValue = "5",
      description = "Seconds of each load before it counts (default: ${DEFAULT-VALUE}).")
  private double settle;

  @Option(
      names = "--stacks",
      paramLabel = "DIR",
      description =
          "Keeps the stacks in that directory, a file for each load and process: for flame graphs.")
  private Path stacks;

  private final List<String> failures = new ArrayList<>();
  private Calibration machine;

  @Override
  public Integer call() throws Exception {
    String obstacle = obstacle();
    if (obstacle != null) {
      System.err.println("bench: " + obstacle);
      return UNABLE;
    }
    System.out.printf(
        Locale.ROOT,
        "%s; %s; %d s each after %d s of warm-up%n%n",
        Machine.settings(),
        Machine.load(),
        common.seconds(),
        common.warmup());
    machine = Calibration.measure();
    machine.print();
    List<Case> left = new ArrayList<>(cases.stream().distinct().toList());
    while (!left.isEmpty()) {
      Case first = left.get(0);
      run(left.stream().filter(first::isOfTheClusterOf).toList());
      left.removeIf(first::isOfTheClusterOf);
    }
    System.out.printf("%n%s at the end%n", Machine.load());
    failures.forEach(each -> System.out.println("does not hold: " + each));
    return failures.isEmpty() ? 0 : 1;
  }

  private String obstacle() {
    if (common.seconds() < 1 || common.warmup() < 0 || settle < 0) {
      return "--seconds must be at least 1, --warmup and --settle at least 0";
    }
    if (stacks != null && !Files.isDirectory(stacks)) {
      return "--stacks " + stacks + ": there is no such directory";
    }
    if (!ThreadTime.isKnown()) {
      return "the time of each thread is not known here: there is no /proc/PID/task";
    }
    try {
      StackSampler.load();
      return null;
    } catch (IllegalStateException e) {
      return "stacks can't be taken here: " + e.getMessage();
    }
  }

  private void run(List<Case> some) throws Exception {
    int megabytes = some.get(0).stateMegabytes();
    List<String> flags = new ArrayList<>(Processes.FLAGS);
    if (megabytes > 0) {
      flags.add(LARGE_HEAP);
    }
    // Else a stack is as of the last place where the collector may stop a thread.
    flags.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints"));
    Cluster.Options wanted =
        Cluster.Options.at(common.port())
            .withClients(some.stream().mapToInt(Case::clients).max().orElse(1) + 1)
            .withDurable(some.get(0).isDurable())
            .withState(megabytes)
            .withFlags(flags);
    try (Cluster cluster = Cluster.start(wanted)) {
      Case first = some.get(0);
      Supplier<byte[]> warming = megabytes > 0 ? operations(first) : () -> new byte[0];
      int inFlight = megabytes > 0 ? first.inFlight() : WARM_UP_IN_FLIGHT;
      try (Fleet fleet = new Fleet(warming).connect(cluster.configuration(), 0, 2)) {
        fleet.closedLoop(inFlight).measure(common.warmup(), 0);
      }
      for (Case each : some) {
        Measured measured = measure(cluster, each);
        measured.print(machine);
        if (Math.abs(measured.difference()) > TOLERANCE) {
          failures.add(each.title() + ": the sum is not what the processes count");
        }
      }
    }
  }

  /** Asked for by any session's thread. */
  private static Supplier<byte[]> operations(Case load) {
    if (load.stateMegabytes() == 0) {
      byte[] operation = NullService.operation(load.bytes(), load.bytes());
      return () -> operation;
    }
    Entries entries = new Entries(load.stateMegabytes(), load.bytes());
    SplittableRandom random = new SplittableRandom(SEED);
    return () -> {
      synchronized (random) {
        return entries.randomPut(random).encode();
      }
    };
  }

  private Measured measure(Cluster cluster, Case load) throws Exception {
    try (Rival rival = rival(cluster, load);
        Fleet fleet = fleet(cluster, load)) {
      fleet.measure(settle, 0);
      rival.look();
      Cpu cpu = Cpu.now(cluster);
      Measured.Operations operations = operations(fleet.measure(0, common.seconds()), rival);
      Cpu without = Cpu.now(cluster).minus(cpu);
      double before = operations.part(without.replicas(), without.client());
      cluster.startSampling();
      StackSampler.start();
      Measured measured = measureWithStacks(cluster, load, fleet, rival, before);
      cluster.checkAlive();
      rival.checkAlive();
      return measured;
    }
  }

  private static Rival rival(Cluster cluster, Case load) throws IOException {
    Path dir = cluster.configuration();
    return load.rivalInFlight() == 0
        ? Rival.nobody(dir)
        : Rival.greedy(
            dir, load.clients(), load.rivalSessions(), load.rivalInFlight(), load.bytes());
  }

  private static Fleet fleet(Cluster cluster, Case load) throws Exception {
    Fleet fleet = new Fleet(operations(load));
    for (int client = 0; client < load.clients(); client++) {
      fleet.connect(cluster.configuration(), client, load.sessions());
    }
    return fleet.closedLoop(load.inFlight());
  }

  private static Measured.Operations operations(Fleet.Interval interval, Rival rival)
      throws IOException {
    long own = interval.micros().getTotalCount();
    return new Measured.Operations(own, own + rival.look().answered());
  }

  private Measured measureWithStacks(
      Cluster cluster, Case load, Fleet fleet, Rival rival, double before) throws Exception {
    List<Long> pids = new ArrayList<>(cluster.pids());
    pids.add(ProcessHandle.current().pid());
    fleet.look();
    rival.look();
    Map<Long, Map<Integer, ThreadTime>> earlier = threads(pids);
    Cpu cpu = Cpu.now(cluster);
    Fleet.Interval interval = fleet.measure(0, common.seconds());
    Measured.Operations operations = operations(interval, rival);
    Cpu counted = Cpu.now(cluster).minus(cpu);
    Map<Long, Map<Integer, ThreadTime>> later = threads(pids);
    List<Path> files = new ArrayList<>(cluster.stopSampling());
    files.add(cluster.configuration().resolveSibling("stacks-of-the-client"));
    StackSampler.stop(files.get(files.size() - 1));
    keep(load, files);
    List<Spent> spent = new ArrayList<>();
    for (int i = 0; i < pids.size(); i++) {
      long pid = pids.get(i);
      spent.add(Spent.of(earlier.get(pid), later.get(pid), samples(files.get(i))));
    }
    if (interval.errors() > 0) {
      failures.add(load.title() + ": " + interval.problems());
    }
    return new Measured(
        load,
        operations,
        interval.opsPerSecond(),
        Spent.sum(spent.subList(0, spent.size() - 1)),
        spent.get(spent.size() - 1),
        counted,
        before);
  }

  private void keep(Case load, List<Path> files) throws IOException {
    if (stacks != null) {
      for (Path each : files) {
        String name = load.name().toLowerCase(Locale.ROOT) + "-" + each.getFileName();
        Files.copy(each, stacks.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Map<Long, Map<Integer, ThreadTime>> threads(List<Long> pids) throws IOException {
    Map<Long, Map<Integer, ThreadTime>> all = new TreeMap<>();
    for (long pid : pids) {
      all.put(pid, ThreadTime.ofProcess(pid));
    }
    return all;
  }

  private static List<Sample> samples(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(Sample::parse).toList();
  }
}
