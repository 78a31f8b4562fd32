package io.pbft.cli.bench;

import io.pbft.cli.CliException;
import io.pbft.cli.Connections;
import io.pbft.cli.Console;
import io.pbft.cli.Json;
import io.pbft.cli.PbftCommand;
import io.pbft.client.PbftClient;
import io.pbft.node.ClientThreads;
import io.pbft.node.ClusterConfig;
import io.pbft.node.PbftClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pbft bench}. */
@Command(
    name = "bench",
    description = {
      "Put a running cluster under a closed loop of load: each of the clients keeps so many operations"
          + " in flight, and measure after a warm-up. Operations are puts of one key on a kv cluster,"
          + " additions of 0 on a counter, and of any size on one made with 'init --service null'.",
      "Processor time is that of this process and of all replicas, and known only where they run on"
          + " this machine.",
      "Exits with 1 when an operation failed or none was answered."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int MAX_OPERATIONS = 100_000;
  private static final int PER_SESSION = 1000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @ParentCommand private PbftCommand root;

  @Parameters(paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "64",
      description = "Logical clients (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--outstanding",
      paramLabel = "N",
      defaultValue = "16",
      description = "Operations in flight for each (default: ${DEFAULT-VALUE}).")
  private int outstanding;

  @Option(
      names = "--request",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "Payload of an operation (default: ${DEFAULT-VALUE}).")
  private int request;

  @Option(
      names = "--reply",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "Payload of its answer (default: ${DEFAULT-VALUE}).")
  private int reply;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      defaultValue = "5",
      description = "How long to run before (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Option(
      names = "--client",
      paramLabel = "C",
      defaultValue = "0",
      description = "Which client's key to use (default: ${DEFAULT-VALUE}).")
  private int client;

  private final Console console;

  public BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    checkOptions();
    ClusterConfig config = ClusterConfig.load(directory);
    byte[] operation = Load.operation(config.service(), request, reply);
    BenchResult result = run(config, new ClosedLoop(operation));
    int replicas = config.replicas().size();
    if (root.json()) {
      console.say(Json.write(result.fields(replicas)));
    } else {
      print(result, replicas);
    }
    result
        .failures()
        .forEach((why, count) -> console.complain("pbft: " + count + " operations failed: " + why));
    return result.errors() == 0 && result.micros().getTotalCount() > 0 ? 0 : 1;
  }

  private void checkOptions() throws CliException {
    check("--clients", clients, 1, 100_000);
    check("--outstanding", outstanding, 1, MAX_OPERATIONS);
    check("--request", request, 0, 1 << 20);
    check("--reply", reply, 0, 1 << 20);
    check("--seconds", seconds, 1, 86_400);
    check("--warmup", warmup, 0, 86_400);
    if ((long) clients * outstanding > MAX_OPERATIONS) {
      throw CliException.wrong("--clients times --outstanding must be at most " + MAX_OPERATIONS);
    }
  }

  private static void check(String option, int value, int least, int most) throws CliException {
    if (value < least || value > most) {
      throw CliException.wrong(option + " must be from " + least + " to " + most);
    }
  }

  private BenchResult run(ClusterConfig config, ClosedLoop loop) throws Exception {
    int operations = clients * outstanding;
    int sessions = (operations + PER_SESSION - 1) / PER_SESSION;
    List<PbftClient> connections = new ArrayList<>();
    ClientThreads threads = new ClientThreads();
    try {
      for (int i = 0; i < sessions; i++) {
        PbftClient connection = PbftClients.connect(directory, client, threads);
        connections.add(connection);
        Connections.awaitQuorum(connection, config.replicas().size());
      }
      for (int i = 0; i < sessions; i++) {
        int share = operations / sessions + (i < operations % sessions ? 1 : 0);
        loop.start(connections.get(i), share);
      }
      return measure(loop);
    } finally {
      connections.forEach(PbftClient::close);
      threads.close();
    }
  }

  private BenchResult measure(ClosedLoop loop) throws InterruptedException {
    TimeUnit.SECONDS.sleep(warmup);
    CpuMeter meter = CpuMeter.of(directory);
    Duration cpuBefore = meter.total();
    long begun = System.nanoTime();
    loop.beginMeasuring();
    for (int second = 0; second < seconds; second++) {
      TimeUnit.SECONDS.sleep(1);
      meter.total(); // a replica may be gone in the next second, and its time with it
    }
    loop.endMeasuring();
    double took = (System.nanoTime() - begun) / 1e9;
    long cpu = TimeUnit.NANOSECONDS.toMicros(meter.total().minus(cpuBefore).toNanos());
    boolean answered = loop.stop(PATIENCE.toMillis());
    Map<String, Long> failures = new TreeMap<>();
    Histogram micros = loop.results(failures);
    if (!answered) {
      failures.merge("no answer within " + PATIENCE.toSeconds() + " s", 1L, Long::sum);
    }
    return new BenchResult(took, micros, cpu, meter.replicas(), meter.ended(), failures);
  }

  private void print(BenchResult result, int replicas) {
    Histogram micros = result.micros();
    console.say(
        String.format(
            Locale.ROOT,
            "%d clients x %d in flight, %d/%d bytes, %.1f s after %d s of warm-up",
            clients,
            outstanding,
            request,
            reply,
            result.seconds(),
            warmup));
    console.say(String.format(Locale.ROOT, "%12.0f operations a second", result.opsPerSecond()));
    for (double percentile : new double[] {50, 90, 99, 99.9}) {
      console.say(
          String.format(
              Locale.ROOT,
              "%12.3f ms  p%s",
              micros.getValueAtPercentile(percentile) / 1000.0,
              percentile == 99.9 ? "99.9" : String.valueOf((int) percentile)));
    }
    console.say(String.format(Locale.ROOT, "%12.3f ms  max", micros.getMaxValue() / 1000.0));
    Double cpu = result.cpuMicrosPerOp(replicas);
    console.say(
        cpu == null
            ? "             processor time unknown: only "
                + result.localReplicas()
                + " of "
                + replicas
                + " replicas run on this machine"
            : String.format(Locale.ROOT, "%12.1f µs of processor time an operation", cpu));
    if (result.endedReplicas() > 0) {
      console.say(
          String.format(
              Locale.ROOT,
              "%12d of %d replicas ended meanwhile; their last second of processor time is missing",
              result.endedReplicas(),
              replicas));
    }
    console.say(String.format(Locale.ROOT, "%12d errors", result.errors()));
  }
}
