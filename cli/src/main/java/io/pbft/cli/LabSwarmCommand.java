package io.pbft.cli;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.search.ScenarioShrinker;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "swarm",
    description = {
      "Random scenarios: each draws its cluster, its traitors and how much of which faults there is,"
          + " from its seed. Afterwards the faults end, the traitors stay, and all must complete in"
          + " time.",
      "The first that goes wrong is shortened and saved as a .traitor file, which 'pbft lab run'"
          + " plays."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing went wrong",
      "1:a run went wrong; the file shows it",
      "2:wrong usage"
    })
final class LabSwarmCommand implements Callable<Integer> {

  private static final long DEFAULT_SEEDS = 200;

  @ParentCommand private LabCommand lab;

  @Option(names = "--seeds", paramLabel = "A..B", description = "These seeds (default: 1..200).")
  private String seeds;

  @Option(
      names = {"--for", "--budget"},
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "For so long, such as 60s, from the first of the seeds on.")
  private Duration time;

  @Option(
      names = "--choices",
      description = {
        "Draw each single choice of a run instead of a scenario: finer, but what goes wrong is saved",
        "as a list of numbers."
      })
  private boolean byChoices;

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
    Swarm.Report report =
        byChoices
            ? Swarm.run(plan(), this::settings, defences)
            : Swarm.runScenarios(plan(), this::settings, defences);
    Swarm.Wrong first = report.wrong().isEmpty() ? null : report.wrong().get(0);
    Found found = first == null ? null : byChoices ? choices(first) : scenario(first);
    if (found != null) {
      save(found);
    }
    if (lab.json()) {
      console.say(Json.write(object(report, found)));
    } else {
      tell(report, found);
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
    long[] range = range();
    long last = seeds == null && time != null ? Long.MAX_VALUE - 1 : range[1];
    long seconds = time == null ? Long.MAX_VALUE : time.toSeconds();
    return new Swarm.Plan(range[0], last, seconds, threads, true);
  }

  private long[] range() throws CliException {
    if (seeds == null) {
      return new long[] {1, DEFAULT_SEEDS};
    }
    String[] ends = seeds.split("\\.\\.", -1);
    try {
      long from = Long.parseLong(ends[0]);
      long to = Long.parseLong(ends[ends.length - 1]);
      if (ends.length <= 2 && from <= to && to < Long.MAX_VALUE) {
        return new long[] {from, to};
      }
    } catch (NumberFormatException e) {
      // Told below, like every other wrong range.
    }
    throw CliException.wrong("--seeds: '" + seeds + "' is no range such as 1..100");
  }

  private SwarmRun.Settings settings(long seed) {
    int n = replicas.isEmpty() ? 0 : replicas.get(Math.floorMod(seed, replicas.size()));
    return new SwarmRun.Settings(n, operations, macOnly, !macOnly);
  }

  /**
   * A run that went wrong, and what is left of it.
   *
   * @param size what was made smaller, in words
   * @param text of the file
   */
  private record Found(Swarm.Wrong wrong, String what, String size, String text, Path file) {}

  private Path file(Swarm.Wrong wrong) {
    return directory.resolve("swarm-" + wrong.seed() + ".traitor");
  }

  /** The scenario with less in it, which violates the same claim. */
  private Found scenario(Swarm.Wrong wrong) throws CliException {
    Defences defences = LabWithout.defences(without);
    Scenario whole = Swarm.scenario(wrong.seed(), settings(wrong.seed()));
    ScenarioShrinker.Shrunk shrunk =
        ScenarioShrinker.shrink(
            whole,
            shorter -> breaksTheSame(wrong, Swarm.examine(shorter, wrong.seed(), defences)),
            shrinkRuns);
    Swarm.Wrong last = Swarm.examine(shrunk.scenario(), wrong.seed(), defences);
    String what = last == null ? wrong.what() : last.what();
    Phrase replay = shrunk.scenario().replay().with("seed", wrong.seed());
    replay = without.isEmpty() ? replay : replay.with("without", without);
    String text = ScenarioText.print(shrunk.scenario().withReplay(replay));
    String size = lines(whole) + " lines to " + text.lines().count();
    return new Found(wrong, what, size, comment(wrong, what) + text, file(wrong));
  }

  private static long lines(Scenario scenario) {
    return ScenarioText.print(scenario).lines().count();
  }

  private static String comment(Swarm.Wrong wrong, String what) {
    String line = "seed " + wrong.seed() + ": " + what;
    return "# " + line.lines().findFirst().orElse("") + "\n";
  }

  private static boolean breaksTheSame(Swarm.Wrong wrong, Swarm.Wrong again) {
    return again != null && again.property().equals(wrong.property());
  }

  /** The list of choices with less in it. */
  private Found choices(Swarm.Wrong wrong) throws CliException {
    Defences defences = LabWithout.defences(without);
    SwarmRun.Settings settings = settings(wrong.seed());
    int[] plain =
        Shrinker.shrink(
                wrong.choices(),
                list ->
                    breaksTheSame(
                        wrong,
                        Swarm.examine(wrong.seed(), Choices.replay(list), settings, defences)),
                shrinkRuns)
            .choices();
    Swarm.Wrong last = Swarm.examine(wrong.seed(), Choices.replay(plain), settings, defences);
    String what = last == null ? wrong.what() : last.what();
    String text =
        new SwarmFile(settings, without, plain, "seed " + wrong.seed() + ": " + what).print();
    String size = wrong.choices().length + " choices to " + plain.length;
    return new Found(wrong, what, size, text, file(wrong));
  }

  private static void save(Found found) throws CliException {
    try {
      Path folder = found.file().toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Files.writeString(found.file(), found.text());
    } catch (IOException e) {
      throw CliException.failed("cannot write " + found.file() + ": " + e.getMessage());
    }
  }

  private void tell(Swarm.Report report, Found found) {
    if (found != null) {
      console.say("seed " + found.wrong().seed() + ": " + found.wrong().what());
      console.say("shrunk from " + found.size() + ": " + found.what());
      console.say("replay: pbft lab run " + found.file());
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

  private static Map<String, Object> object(Swarm.Report report, Found found) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("runs", report.runs());
    fields.put("wrong", report.bad());
    fields.put("runsPerMinute", Math.round(report.runsPerMinute()));
    fields.put("simulatedToReal", Math.round(report.ratio()));
    fields.put("events", report.events());
    fields.put("operations", report.operations());
    if (found != null) {
      fields.put("seed", found.wrong().seed());
      fields.put("violation", found.wrong().what());
      fields.put("shrunk", found.size());
      fields.put("replay", "pbft lab run " + found.file());
    }
    return fields;
  }
}
