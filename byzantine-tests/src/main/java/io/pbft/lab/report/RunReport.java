package io.pbft.lab.report;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A scenario played under observation, and its page. Plays the scenario again with nobody lying and
 * nothing breaking, for comparison, and some dozen times to find a smaller script that shows the
 * same. Immutable; thread safe.
 */
public final class RunReport {
  private final Played played;
  private final Recovery recovery;
  private final String html;

  private RunReport(Played played, Recovery recovery, String html) {
    this.played = played;
    this.recovery = recovery;
    this.html = html;
  }

  /**
   * Plays and writes down.
   *
   * @param replay the command that plays the same again, for the page's head
   * @throws IllegalArgumentException if a rule makes no sense
   */
  public static RunReport of(Scenario scenario, long seed, Service service, String replay) {
    return of(scenario, seed, service, Defences.ALL, replay);
  }

  /** As {@link #of(Scenario, long, Service, String)}, with some defences of the replicas down. */
  public static RunReport of(
      Scenario scenario, long seed, Service service, Defences defences, String replay) {
    RunRecorder recorder = new RunRecorder();
    Played played = Player.play(scenario, seed, service, defences, recorder);
    RunRecord run = recorder.finish(played.micros());
    RunRecord honest = honest(scenario, seed, service);
    Recovery recovery = Recovery.of(run);
    ScriptShrinker.Shrunk shrunk =
        new ScriptShrinker(played, run.flights.size(), service, defences).shrink();
    String html = new PageWriter(played, run, honest, recovery, shrunk, replay).html();
    return new RunReport(played, recovery, html);
  }

  private static RunRecord honest(Scenario s, long seed, Service service) {
    Scenario alone =
        new Scenario(
            s.title(),
            s.ids(),
            s.cluster(),
            s.network(),
            s.clients(),
            List.of(),
            List.of(),
            List.of(),
            s.duration(),
            s.replay());
    RunRecorder recorder = new RunRecorder();
    Played played = Player.play(alone, seed, service, recorder);
    return recorder.finish(played.micros());
  }

  /** The run itself. */
  public Played played() {
    return played;
  }

  /** From the first lie or fault to the next answer, microseconds of virtual time; -1 if none. */
  public long recoveryMicros() {
    return recovery.tookMicros();
  }

  Recovery recovery() {
    return recovery;
  }

  /** The page: one file, which needs no other and no network. */
  public String html() {
    return html;
  }

  /** Writes the page; makes the directories above it. */
  public void write(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Files.writeString(file, html);
  }

  /**
   * The page of a run that a test did not like, in {@code target/lab-reports} (or {@code
   * -Dlab.reports=DIR}).
   *
   * @return where it is
   */
  public static Path ofFailure(Scenario scenario, long seed, Service service) {
    Path directory = Path.of(System.getProperty("lab.reports", "target/lab-reports"));
    String name = scenario.title().replaceAll("[^A-Za-z0-9]+", "-");
    Path file = directory.resolve(name + "-seed-" + seed + ".html");
    String replay = "pbft lab run FILE --seed " + seed + "   # FILE: the script below";
    try {
      of(scenario, seed, service, replay).write(file);
    } catch (IOException e) {
      throw new UncheckedIOException("no report at " + file, e);
    }
    return file.toAbsolutePath();
  }
}
