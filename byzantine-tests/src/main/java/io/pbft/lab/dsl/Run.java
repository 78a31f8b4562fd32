package io.pbft.lab.dsl;

import io.pbft.core.message.Reason;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.report.RunReport;
import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Comparison;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.scenario.Span;

/** A scenario and what is expected of it; {@link #verify} plays it. */
public final class Run {
  /** What a message has that names a report. */
  static final String REPORT = "\nreport: ";

  private final long seed;
  private final Service service;
  private final Lab lab;
  private Scenario scenario;

  Run(Lab lab, Scenario scenario, long seed, Service service) {
    this.lab = lab;
    this.scenario = scenario;
    this.seed = seed;
    this.service = service;
  }

  /** The model with its expectations. */
  public Scenario scenario() {
    return scenario;
  }

  private Run and(Phrase claim) {
    scenario = scenario.andExpect(claim);
    return this;
  }

  /** A claim as {@code .traitor} files name it, without parameters. */
  public Run expect(String claim) {
    return and(Words.claim(claim));
  }

  public Run safe() {
    return expect("safe");
  }

  public Run live() {
    return expect("live");
  }

  /** All operations complete, so soon after the last fault of the network. */
  public Run liveWithin(Span time) {
    return and(Words.claim("live").with("within", time));
  }

  public Run valid() {
    return expect("valid");
  }

  public Run linearizable() {
    return expect("linearizable");
  }

  /** All running correct replicas end in one state. */
  public Run agreed() {
    return expect("agreed");
  }

  public Run refused(Reason reason, long atLeast, Actors from) {
    return and(
        Words.claim("refused")
            .with("reason", reason.name())
            .with("times", Comparison.atLeast(atLeast))
            .with("from", from));
  }

  public Run committedOnce(long slot) {
    return and(
        Words.claim("slot").with("number", slot).with("state", "committed").with("how", "once"));
  }

  /** No operation of a correct client takes longer. */
  public Run recoveredWithin(long millis) {
    return and(Words.claim("recovery").with("times", new Comparison("<", millis * 1_000)));
  }

  public Run viewAtLeast(long view) {
    return and(Words.claim("view").with("times", Comparison.atLeast(view)));
  }

  /** Operations a second, in percent of a run without the traitors. */
  public Run throughputAtLeast(long percentOfHonestRun) {
    return and(
        Words.claim("throughput")
            .with("times", Comparison.atLeast(percentOfHonestRun))
            .with("of", "honest"));
  }

  /**
   * Plays the scenario.
   *
   * @throws AssertionError if something expected did not happen; the message holds the scenario's
   *     text and the seed, which together replay the run, and where its report is
   */
  public Played verify() {
    lab.played(this);
    Played played = Player.play(scenario, seed, service);
    if (played.verdict() != Played.Verdict.AS_EXPECTED) {
      String what = played.verdict().words() + ", " + String.join(", ", played.violations());
      throw new AssertionError(what + evidence());
    }
    return played;
  }

  /** Writes the run's page, and tells where it is and how to play the same again. */
  String evidence() {
    return REPORT
        + RunReport.ofFailure(scenario, seed, service)
        + "\nreplay: save the lines below as FILE, then: pbft lab run FILE --seed "
        + seed
        + "\n"
        + ScenarioText.print(scenario);
  }
}
