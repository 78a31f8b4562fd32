package io.pbft.bench.jmh;

import io.pbft.bench.Machine;
import io.pbft.bench.process.Processes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench/run jmh}. */
@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    description =
        "Time and allocation of the pieces that every operation passes through, each in a JVM of its"
            + " own. Prints a table in Markdown.")
public final class Jmh implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description = "Which (default: all).")
  private String which;

  @Option(
      names = "--seconds",
      defaultValue = "1",
      description = "Of each iteration, three to warm up and five to measure.")
  private int seconds;

  @Option(names = "--forks", defaultValue = "1", description = "JVMs for each.")
  private int forks;

  @Override
  public Integer call() throws Exception {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include("io\\.pbft\\.bench\\.jmh\\..*" + which)
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .forks(forks)
        .warmupIterations(3)
        .warmupTime(TimeValue.seconds(seconds))
        .measurementIterations(5)
        .measurementTime(TimeValue.seconds(seconds))
        .jvmArgsAppend(Processes.FLAGS.toArray(String[]::new))
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT);
    System.out.println(Machine.settings() + "; " + Machine.load() + "\n");
    Collection<RunResult> results = new Runner(options.build()).run();
    System.out.println("| piece | ns | ± | bytes allocated |");
    System.out.println("|---|---|---|---|");
    results.forEach(Jmh::row);
    return results.isEmpty() ? 1 : 0;
  }

  private static void row(RunResult result) {
    Result<?> time = result.getPrimaryResult();
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    List<String> name = new ArrayList<>();
    String label = result.getParams().getBenchmark().replace("io.pbft.bench.jmh.", "");
    name.add(label.replace("Benchmark", ""));
    for (String key : result.getParams().getParamsKeys()) {
      name.add(result.getParams().getParam(key));
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %,.0f | %s |%n",
        String.join(" ", name),
        time.getScore(),
        time.getScoreError(),
        allocated == null ? "-" : String.format(Locale.ROOT, "%,.0f", allocated.getScore()));
  }
}
