package io.pbft.bench.growth;

import io.pbft.bench.Entries;
import io.pbft.bench.process.Cluster;
import io.pbft.bench.process.Fleet;
import io.pbft.bench.process.Processes;
import io.pbft.compare.pbft.PbftRun;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.examples.nothing.NullService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Measures the parts. A point that fails is a point that says so. */
final class Measure {
  private static final int PER_SESSION = 1_000;
  private static final int MOST = 2_000;
  private static final int PAYLOAD_IN_FLIGHT = 400;
  private static final int BYTES_IN_FLIGHT = 16 << 20;
  private static final int REQUESTS = 5;

  /** What grows. */
  enum Part {
    REPLICAS,
    SIMULATOR,
    PAYLOAD,
    CLIENTS,
    STATE,
    HEAP
  }

  /** How long to load a new cluster, to settle and to measure, in seconds; where; and sizes. */
  record Settings(
      int warmup,
      double settle,
      double seconds,
      int port,
      List<Integer> replicas,
      List<Integer> heaps,
      List<Integer> states) {}

  /** One figure of a part. */
  private interface Attempt {
    Point point() throws Exception;
  }

  private final Settings settings;
  private final Consumer<Point> out;

  Measure(Settings settings, Consumer<Point> out) {
    this.settings = settings;
    this.out = out;
  }

  void run(Part part) throws Exception {
    switch (part) {
      case REPLICAS -> replicas();
      case SIMULATOR -> simulator();
      case PAYLOAD -> payload();
      case CLIENTS -> clients();
      case STATE -> state();
      case HEAP -> heap();
    }
  }

  private void attempt(String part, double x, Attempt attempt) {
    Point point;
    try {
      point = attempt.point();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      point = Point.failed(part, x, e);
    } catch (Exception e) {
      point = Point.failed(part, x, e);
    }
    out.accept(point);
  }

  private Cluster.Options options() {
    return Cluster.Options.at(settings.port);
  }

  private void replicas() {
    for (int n : settings.replicas) {
      attempt(
          "replicas",
          n,
          () -> {
            try (Cluster cluster = Cluster.start(options().withReplicas(n))) {
              Point busy = load("replicas", n, cluster, () -> new byte[0], MOST, settings.warmup);
              attempt(
                  "replicas one at a time",
                  n,
                  () -> load("replicas one at a time", n, cluster, () -> new byte[0], 1, 1));
              return busy;
            }
          });
    }
  }

  private void simulator() {
    for (int n : List.of(4, 7, 10, 13, 16, 22, 31, 40, 52, 64, 82, 100)) {
      attempt(
          "simulator",
          n,
          () -> {
            Measured it = PbftRun.measure(n, AuthenticationMode.MAC, REQUESTS);
            double messages = (double) it.counters().of(Purpose.ORDERING).sent() / REQUESTS;
            return Point.simulated("simulator", n, messages, (double) it.clientDelays());
          });
    }
  }

  private void payload() throws Exception {
    try (Cluster cluster = Cluster.start(options())) {
      warm(cluster, () -> NullService.operation(1024, 1024), PAYLOAD_IN_FLIGHT);
      for (int bytes : List.of(0, 128, 1 << 10, 8 << 10, 64 << 10, 256 << 10, 1 << 20)) {
        int inFlight =
            Math.max(4, Math.min(PAYLOAD_IN_FLIGHT, BYTES_IN_FLIGHT / Math.max(1, bytes)));
        byte[] operation = NullService.operation(bytes, bytes);
        attempt(
            "payload",
            bytes,
            () -> load("payload", bytes, cluster, () -> operation, inFlight, settings.settle));
      }
    }
  }

  private void clients() throws Exception {
    try (Cluster cluster = Cluster.start(options())) {
      warm(cluster, () -> new byte[0], MOST);
      for (int clients : List.of(1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000)) {
        attempt(
            "clients",
            clients,
            () -> load("clients", clients, cluster, () -> new byte[0], clients, settings.settle));
      }
    }
  }

  /** Puts of 1 KB over all of it. */
  private void state() {
    List<String> flags =
        Processes.FLAGS.stream().map(each -> each.equals("-Xmx512m") ? "-Xmx2g" : each).toList();
    for (int megabytes : settings.states) {
      Entries entries = new Entries(megabytes, 1_000);
      SplittableRandom random = new SplittableRandom(3);
      Supplier<byte[]> puts =
          () -> {
            synchronized (random) {
              return entries.randomPut(random).encode();
            }
          };
      attempt(
          "state",
          megabytes,
          () -> {
            try (Cluster cluster = Cluster.start(options().withState(megabytes).withFlags(flags))) {
              return load("state", megabytes, cluster, puts, PAYLOAD_IN_FLIGHT, settings.warmup);
            }
          });
    }
  }

  /** Idle and loaded, and then less and less: -Xmx, with half of it for the young, below 512 MB. */
  private void heap() {
    for (int megabytes : settings.heaps) {
      int young = megabytes == 512 ? 160 : megabytes / 2;
      List<String> flags = new ArrayList<>(Processes.FLAGS);
      flags.removeIf(each -> each.startsWith("-Xm"));
      flags.addAll(
          List.of(
              "-Xms" + Math.min(256, megabytes) + "m",
              "-Xmn" + young + "m",
              "-Xmx" + megabytes + "m"));
      attempt(
          "heap",
          megabytes,
          () -> {
            try (Cluster cluster = Cluster.start(options().withFlags(flags))) {
              if (megabytes == 512) {
                out.accept(idle(cluster));
              }
              return load("heap", megabytes, cluster, () -> new byte[0], MOST, settings.warmup);
            }
          });
    }
  }

  private static Point idle(Cluster cluster) throws Exception {
    double heap = Arrays.stream(cluster.heapMegabytes()).max().orElse(0);
    double resident = Arrays.stream(cluster.residentMegabytes()).max().orElse(0);
    double none = Double.NaN;
    return new Point("idle", 512, none, none, none, none, none, none, heap, resident, "");
  }

  private void warm(Cluster cluster, Supplier<byte[]> operations, int inFlight) throws Exception {
    load("", 0, cluster, operations, inFlight, settings.warmup);
  }

  private Point load(
      String part,
      double x,
      Cluster cluster,
      Supplier<byte[]> operations,
      int inFlight,
      double settle)
      throws Exception {
    int sessions = (inFlight + PER_SESSION - 1) / PER_SESSION;
    Fleet.Interval it;
    long cpu;
    try (Fleet fleet = new Fleet(operations).connect(cluster.configuration(), 0, sessions)) {
      fleet.closedLoop(inFlight).measure(settle, 0);
      Duration before = cpu(cluster);
      it = fleet.measure(0, settings.seconds);
      cpu = cpu(cluster).minus(before).toNanos() / 1_000;
    }
    cluster.checkAlive();
    long count = it.micros().getTotalCount();
    if (count == 0 || it.errors() > 0) {
      throw new IllegalStateException(count + " answered; " + it.problems());
    }
    double heap = Arrays.stream(cluster.heapMegabytes()).max().orElse(0);
    double resident = Arrays.stream(cluster.residentMegabytes()).max().orElse(0);
    double none = Double.NaN;
    return new Point(
        part,
        x,
        it.opsPerSecond(),
        it.millis(50),
        it.millis(99),
        (double) cpu / count,
        none,
        none,
        heap,
        resident,
        "");
  }

  private static Duration cpu(Cluster cluster) {
    return cluster.cpu().plus(Processes.cpu(ProcessHandle.current()));
  }
}
