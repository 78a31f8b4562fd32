package io.pbft.cli;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.play.Played;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.scenario.ScriptException;
import io.pbft.lab.search.Swarm;
import io.pbft.lab.search.SwarmFile;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "run",
    description = "Play one scenario in the simulator. The same file and seed give the same run.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:as expected",
      "1:an expectation failed",
      "2:the file is no scenario; standard error names line, column and what was expected",
      "3:inconclusive: what did not happen was not promised under these faults"
    })
final class LabRunCommand implements Callable<Integer> {
  @ParentCommand private LabCommand lab;

  @Parameters(paramLabel = "FILE", description = "A .traitor file.")
  private Path file;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Of everything that is left to chance (default: what the file's replay line says, else 1).")
  private Long seed;

  @Option(
      names = "--without",
      paramLabel = "DEFENCE",
      description =
          "Switches a defence off, such as BAD_AUTH (default: what the file's replay line says).")
  private String without;

  @Option(
      names = "--report",
      paramLabel = "OUT.html",
      description = "Also write the run as a page: who said what to whom, and what was refused.")
  private Path report;

  private final Console console;

  LabRunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    String text = text();
    if (SwarmFile.isOne(text)) {
      return runSwarm(text);
    }
    Scenario scenario = scenario(text);
    long chosen = seed == null ? scenario.seed(1) : seed;
    String replay = "pbft lab run " + file + " --seed " + chosen;
    replay += without == null ? "" : " --without '" + without + "'";
    return LabReport.print(console, lab.json(), play(scenario, chosen, replay), replay);
  }

  /** A run that 'pbft lab swarm' has saved: everything is in the file, the seed, too. */
  private int runSwarm(String text) throws CliException {
    SwarmFile saved;
    try {
      saved = SwarmFile.parse(text);
    } catch (IllegalArgumentException e) {
      throw CliException.wrong(file + ": " + e.getMessage());
    }
    Defences defences = LabWithout.defences(saved.without());
    Swarm.Wrong wrong = Swarm.examine(0, saved.replay(), saved.settings(), defences);
    String replay = "pbft lab run " + file;
    if (lab.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("verdict", wrong == null ? "as expected" : "violated");
      fields.put("replay", replay);
      fields.put("violations", wrong == null ? List.of() : List.of(wrong.what()));
      console.say(Json.write(fields));
    } else {
      console.say("swarm: " + (wrong == null ? "nothing went wrong" : wrong.what()));
      console.say("replay: " + replay);
    }
    return wrong == null ? 0 : 1;
  }

  private Played play(Scenario scenario, long chosen, String replay) throws CliException {
    Defences defences = LabWithout.defences(without == null ? scenario.without() : without);
    try {
      return LabPages.play(scenario, chosen, defences, replay, report);
    } catch (IllegalArgumentException e) {
      throw CliException.wrong(file + ": " + e.getMessage());
    }
  }

  private Scenario scenario(String text) throws CliException {
    try {
      return ScenarioText.parse(text);
    } catch (ScriptException e) {
      throw CliException.wrong(file + ", " + e.getMessage());
    }
  }

  private String text() throws CliException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw CliException.wrong(file + ": there is no such file");
    } catch (MalformedInputException e) {
      throw CliException.wrong(file + ": is no UTF-8 text");
    } catch (IOException e) {
      throw CliException.wrong(file + ": cannot be read: " + e);
    }
  }
}
