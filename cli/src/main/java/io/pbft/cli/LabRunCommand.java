package io.pbft.cli;

import io.pbft.lab.play.Played;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.scenario.ScriptException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
      defaultValue = "1",
      description = "Of everything that is left to chance (default: ${DEFAULT-VALUE}).")
  private long seed;

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
    String replay = "pbft lab run " + file + " --seed " + seed;
    return LabReport.print(console, lab.json(), play(scenario(), replay), replay);
  }

  private Played play(Scenario scenario, String replay) throws CliException {
    try {
      return LabPages.play(scenario, seed, replay, report);
    } catch (IllegalArgumentException e) {
      throw CliException.wrong(file + ": " + e.getMessage());
    }
  }

  private Scenario scenario() throws CliException {
    try {
      return ScenarioText.parse(Files.readString(file));
    } catch (ScriptException e) {
      throw CliException.wrong(file + ", " + e.getMessage());
    } catch (NoSuchFileException e) {
      throw CliException.wrong(file + ": there is no such file");
    } catch (MalformedInputException e) {
      throw CliException.wrong(file + ": is no UTF-8 text");
    } catch (IOException e) {
      throw CliException.wrong(file + ": cannot be read: " + e);
    }
  }
}
