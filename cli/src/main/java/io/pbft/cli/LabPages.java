package io.pbft.cli;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.report.RunReport;
import io.pbft.lab.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;

/** Plays with or without a page about it. */
final class LabPages {
  private LabPages() {}

  /**
   * Plays a scenario.
   *
   * @param page where to write the page, or null for none
   */
  static Played play(Scenario scenario, long seed, Defences defences, String replay, Path page)
      throws CliException {
    if (page == null) {
      return Player.play(scenario, seed, Service.registers(), defences);
    }
    RunReport report = RunReport.of(scenario, seed, Service.registers(), defences, replay);
    try {
      report.write(page);
    } catch (IOException e) {
      throw CliException.wrong("--report: cannot write " + page + ": " + e);
    }
    return report.played();
  }
}
