package io.pbft.cli;

import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.play.Played;
import io.pbft.lab.scenario.Scenario;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "play",
    description = "Play an entry of the catalogue ('pbft lab list' shows them).",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:as expected",
      "1:an expectation failed",
      "2:there is no such entry, or it cannot be played; standard error says why",
      "3:inconclusive"
    })
final class LabPlayCommand implements Callable<Integer> {
  @ParentCommand private LabCommand lab;

  @Parameters(paramLabel = "ID", description = "Such as P02.")
  private String id;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "4",
      description = "4 or 7 (default: ${DEFAULT-VALUE}).")
  private int replicas;

  @Option(
      names = "--auth",
      paramLabel = "MODE",
      defaultValue = "mac",
      description = "mac or signature (default: ${DEFAULT-VALUE}).")
  private AuthenticationMode mode;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of everything that is left to chance (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--without",
      paramLabel = "DEFENCE",
      description = "Switches a defence off, such as BAD_AUTH ('pbft lab matrix' lists them).")
  private String without = "";

  @Option(
      names = "--report",
      paramLabel = "OUT.html",
      description = "Also write the run as a page: who said what to whom, and what was refused.")
  private Path report;

  private final Console console;

  LabPlayCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    if (replicas != 4 && replicas != 7) {
      throw CliException.wrong(
          "--replicas: is " + replicas + "; the catalogue is played at 4 or 7");
    }
    Entry entry = Catalogue.find(id);
    if (entry == null) {
      throw CliException.wrong("no entry '" + id + "' in the catalogue; 'pbft lab list' shows all");
    }
    if (!entry.isPlayable()) {
      throw CliException.wrong(
          entry.id() + " is not played: " + entry.standing().words() + ": " + entry.reason());
    }
    Scenario scenario = Catalogue.scenario(entry, replicas, mode);
    String replay =
        "pbft lab play "
            + entry.id()
            + " --replicas "
            + replicas
            + " --auth "
            + mode.name().toLowerCase(Locale.ROOT)
            + " --seed "
            + seed
            + (without.isEmpty() ? "" : " --without '" + without + "'");
    Played played = LabPages.play(scenario, seed, LabWithout.defences(without), replay, report);
    return LabReport.print(console, lab.json(), played, replay);
  }
}
