package io.pbft.cli;

import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.search.Explorer;
import io.pbft.lab.search.SmallWorld;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "explore",
    description = {
      "Four replicas, one client with two writes, and every way in which up to so many messages come"
          + " after the next ones, come after the view has changed, or are lost.",
      "Prints how many runs that were, and whether they were all."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing went wrong", "1:a run went wrong", "2:wrong usage"})
final class LabExploreCommand implements Callable<Integer> {
  @ParentCommand private LabCommand lab;

  @Option(
      names = "--departures",
      paramLabel = "N",
      defaultValue = "1",
      description = "Messages that do not arrive in order (default: ${DEFAULT-VALUE}).")
  private int departures;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Only among so many messages, from the first (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--max-runs",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Where to stop, complete or not (default: ${DEFAULT-VALUE}).")
  private long maxRuns;

  @Option(
      names = "--two-faced",
      description = "Replica 0, the primary, tells replicas 2 and 3 another story than the others.")
  private boolean twoFaced;

  @Option(
      names = "--tentative",
      description = "Replicas execute tentatively, and the second write comes after the first.")
  private boolean tentative;

  private final Console console;

  LabExploreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    if (departures < 0 || depth < 1 || maxRuns < 1) {
      throw CliException.wrong("--departures needs at least 0, --depth and --max-runs at least 1");
    }
    Verdict[] last = new Verdict[1];
    Explorer.Report report =
        Explorer.explore(
            choices -> {
              last[0] = SmallWorld.run(choices, twoFaced, tentative);
              return last[0].isGood() && last[0].live().outcome() == Verdict.Outcome.HOLDS;
            },
            departures,
            depth,
            maxRuns);
    boolean good = report.culprit() == null;
    String found =
        good ? "nothing went wrong" : last[0] + " by " + Arrays.toString(report.culprit());
    if (lab.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("departures", departures);
      fields.put("depth", depth);
      fields.put("tentative", tentative);
      fields.put("runs", report.runs());
      fields.put("complete", report.complete());
      fields.put("violation", good ? null : found);
      console.say(Json.write(fields));
    } else {
      String how = report.complete() ? "all that there are" : "not all that there are";
      console.say(
          report.runs()
              + " runs with at most "
              + departures
              + " departures among the first "
              + depth
              + " messages, "
              + how
              + ": "
              + found);
    }
    return good ? 0 : 1;
  }
}
