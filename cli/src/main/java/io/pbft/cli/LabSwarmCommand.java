package io.pbft.cli;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.search.Shrinker;
import io.pbft.lab.search.Swarm;
import io.pbft.lab.search.SwarmFile;
import io.pbft.lab.search.SwarmRun;
import io.pbft.lab.sim.Choices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "swarm",
    description = {
      "Random runs: each draws its cluster, its traitors and how much of which faults there is, from"
          + " its seed. Afterwards the faults end, the traitors stay, and all must complete in time.",
      "The first run that goes wrong is made as plain as possible and saved as a .traitor file, which"
          + " 'pbft lab run' plays."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing went wrong",
      "1:a run went wrong; the file shows it",
      "2:wrong usage"
    })
final class LabSwarmCommand implements Callable<Integer> {
  /** How many, by seeds or by time. */
  static final class HowMany {
    @Option(names = "--seeds", paramLabel = "A..B", description = "These seeds (default: 1..200).")
    String seeds;

    @Option(
        names = {"--for", "--budget"},
        paramLabel = "TIME",
        converter = DurationConverter.class,
        description = "From seed 1 on for so long, such as 60s.")
    Duration time;
  }

  private static final long DEFAULT_SEEDS = 200;

  @ParentCommand private LabCommand lab;

  @ArgGroup private HowMany howMany = new HowMany();

  @Option(
      names = {"--replicas", "--n"},
      paramLabel = "N",
      split = ",",
      description = "Cluster sizes, in turn (default: drawn from 4, 5, 6 and 7).")
  private List<Integer> replicas = List.of();

  @Option(
      names = "--operations",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "Of all clients of a run together (default: ${DEFAULT-VALUE}).")
  private int operations;

  @Option(names = "--mac", description = "Never sign all messages, and no disks: the fast case.")
  private boolean macOnly;

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      defaultValue = "2",
      description = "How many runs at a time (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--without",
      paramLabel = "DEFENCE",
      description = "Switches a defence off, such as 'quorum q' ('pbft lab matrix' lists them).")
  private String without = "";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the file goes (default: the current directory).")
  private Path directory;

  @Option(
      names = "--shrink-runs",
      paramLabel = "COUNT",
      defaultValue = "400",
      description = "How many runs may be spent on a plainer one (default: ${DEFAULT-VALUE}).")
  private int shrinkRuns;

  private final Console console;

  LabSwarmCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException, InterruptedException {
    Defences defences = LabWithout.defences(without);
    Swarm.Report report = Swarm.run(plan(), this::settings, defences);
    Swarm.Wrong first = report.wrong().isEmpty() ? null : report.wrong().get(0);
    SwarmFile shrunk = first == null ? null : shrink(first, defences);
    Path file = shrunk == null ? null : save(shrunk, first.seed());
    if (lab.json()) {
      console.say(Json.write(object(report, first, shrunk, file)));
    } else {
      tell(report, first, shrunk, file);
    }
    return first == null ? 0 : 1;
  }

  private Swarm.Plan plan() throws CliException {
    if (threads < 1 || threads > 64) {
      throw CliException.wrong("--threads: is " + threads + ", needs 1 to 64");
    }
    for (int n : replicas) {
      if (n < 4 || n > 31) {
        throw CliException.wrong("--replicas: is " + n + ", needs 4 to 31");
      }
    }
    if (operations < 1) {
      throw CliException.wrong("--operations: is " + operations + ", needs at least 1");
    }
    if (howMany.time != null) {
      return new Swarm.Plan(1, Long.MAX_VALUE - 1, howMany.time.toSeconds(), threads, true);
    }
    long[] range = range();
    return new Swarm.Plan(range[0], range[1], Long.MAX_VALUE, threads, true);
  }

  private long[] range() throws CliException {
    if (howMany.seeds == null) {
      return new long[] {1, DEFAULT_SEEDS};
    }
    String[] ends = howMany.seeds.split("\\.\\.", -1);
    try {
      long from = Long.parseLong(ends[0]);
      long to = Long.parseLong(ends[ends.length - 1]);
      if (ends.length <= 2 && from <= to && to < Long.MAX_VALUE) {
        return new long[] {from, to};
      }
    } catch (NumberFormatException e) {
      // Told below, like every other wrong range.
    }
    throw CliException.wrong("--seeds: '" + howMany.seeds + "' is no range such as 1..100");
  }

  private SwarmRun.Settings settings(long seed) {
    int n = replicas.isEmpty() ? 0 : replicas.get(Math.floorMod(seed, replicas.size()));
    return new SwarmRun.Settings(n, operations, macOnly, !macOnly);
  }

  /** A run that breaks the same promise with less in it. */
  private SwarmFile shrink(Swarm.Wrong wrong, Defences defences) {
    SwarmRun.Settings settings = settings(wrong.seed());
    int[] plain =
        Shrinker.shrink(
                wrong.choices(),
                list -> {
                  Swarm.Wrong again =
                      Swarm.examine(wrong.seed(), Choices.replay(list), settings, defences);
                  return again != null && again.property().equals(wrong.property());
                },
                shrinkRuns)
            .choices();
    Swarm.Wrong last = Swarm.examine(wrong.seed(), Choices.replay(plain), settings, defences);
    String what = last == null ? wrong.what() : last.what();
    return new SwarmFile(settings, without, plain, "seed " + wrong.seed() + ": " + what);
  }

  private Path save(SwarmFile shrunk, long seed) throws CliException {
    Path file = directory.resolve("swarm-" + seed + ".traitor");
    try {
      Files.createDirectories(directory);
      Files.writeString(file, shrunk.print());
      return file;
    } catch (IOException e) {
      throw CliException.failed("cannot write " + file + ": " + e.getMessage());
    }
  }

  private void tell(Swarm.Report report, Swarm.Wrong first, SwarmFile shrunk, Path file) {
    if (first != null) {
      console.say("seed " + first.seed() + ": " + first.what());
      console.say(
          "shrunk from "
              + first.choices().length
              + " choices to "
              + shrunk.choices().length
              + ": "
              + shrunk.comment());
      console.say("replay: pbft lab run " + file);
    }
    console.say(
        String.format(
            Locale.ROOT,
            "%d runs, %d went wrong; %.0f runs a minute on %d threads; %.0f virtual seconds in %.1f"
                + " real ones (%.0f to 1); %d events, %d operations",
            report.runs(),
            report.bad(),
            report.runsPerMinute(),
            threads,
            report.virtualSeconds(),
            report.realSeconds(),
            report.ratio(),
            report.events(),
            report.operations()));
  }

  private static Map<String, Object> object(
      Swarm.Report report, Swarm.Wrong first, SwarmFile shrunk, Path file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runs", report.runs());
    fields.put("wrong", report.bad());
    fields.put("runsPerMinute", Math.round(report.runsPerMinute()));
    fields.put("simulatedToReal", Math.round(report.ratio()));
    fields.put("events", report.events());
    fields.put("operations", report.operations());
    if (first != null) {
      fields.put("seed", first.seed());
      fields.put("violation", first.what());
      fields.put("choices", first.choices().length);
      fields.put("shrunkChoices", shrunk.choices().length);
      fields.put("replay", "pbft lab run " + file);
    }
    return fields;
  }
}
