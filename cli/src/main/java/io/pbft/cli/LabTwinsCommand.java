package io.pbft.cli;

import io.pbft.lab.search.Twins;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "twins",
    description = {
      "One of four replicas runs twice, with one key, and the network is divided anew in each round:"
          + " all divisions of the five into two, for each replica as the twin.",
      "Prints how much of that was played."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing went wrong", "1:a schedule went wrong", "2:wrong usage"})
final class LabTwinsCommand implements Callable<Integer> {
  private static final int MAX_ROUNDS = 8;

  @ParentCommand private LabCommand lab;

  @Option(
      names = {"--rounds", "--views"},
      paramLabel = "N",
      defaultValue = "2",
      description = "Divisions in a row (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description = "Play every Nth schedule only (default: ${DEFAULT-VALUE}: all).")
  private long every;

  @Option(
      names = "--first",
      paramLabel = "N",
      defaultValue = "0",
      description = "Number of the first schedule (default: ${DEFAULT-VALUE}).")
  private long first;

  @Option(names = "--tentative", description = "Replicas execute tentatively.")
  private boolean tentative;

  private final Console console;

  LabTwinsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    if (rounds < 1 || rounds > MAX_ROUNDS) {
      throw CliException.wrong("--rounds: is " + rounds + ", needs 1 to " + MAX_ROUNDS);
    }
    if (every < 1 || first < 0) {
      throw CliException.wrong("--every needs at least 1, --first at least 0");
    }
    long all = Twins.schedules(rounds);
    Twins.Report report = Twins.enumerate(rounds, first, every, tentative);
    if (lab.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("rounds", rounds);
      fields.put("tentative", tentative);
      fields.put("schedules", all);
      fields.put("played", report.schedules());
      fields.put("violation", report.culprit());
      console.say(Json.write(fields));
    } else {
      String found = report.culprit() == null ? "nothing went wrong" : report.culprit();
      console.say(
          report.schedules() + " of " + all + " schedules of " + rounds + " rounds: " + found);
    }
    return report.culprit() == null ? 0 : 1;
  }
}
