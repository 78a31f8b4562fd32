package io.pbft.lab.play;

import io.pbft.core.message.Reason;
import io.pbft.crypto.Digest;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run that is over.
 *
 * @param properties how the run stands with each property, whether the scenario claims it or not
 * @param refusals by correct replicas
 * @param accused replicas that signed contradictions, and what about
 * @param completed operations of correct clients
 * @param micros virtual time that it took
 * @param events that it was made of: deliveries, timers, ends of writes
 * @param idle rules that never applied: an attack that did not happen proves nothing
 * @param fingerprint equal for equal scenarios and seeds, different for different runs
 */
public record Played(
    Scenario scenario,
    long seed,
    List<Finding> findings,
    Map<Outcome.Property, Outcome.Judgement> properties,
    Map<Reason, Long> refusals,
    List<String> accused,
    long completed,
    long micros,
    long events,
    List<Rule> idle,
    Digest fingerprint) {

  /** How the run ended. */
  public enum Verdict {
    AS_EXPECTED(0),
    VIOLATED(1),
    /** What was expected did not happen, and under these faults nobody promised it. */
    INCONCLUSIVE(3);

    private final int exitCode;

    Verdict(int exitCode) {
      this.exitCode = exitCode;
    }

    /** For the command line. */
    public int exitCode() {
      return exitCode;
    }

    /** For people and programs. */
    public String words() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  public Played {
    findings = List.copyOf(findings);
    properties = new TreeMap<>(properties);
    accused = List.copyOf(accused);
    idle = List.copyOf(idle);
    refusals = new TreeMap<>(refusals);
  }

  public Verdict verdict() {
    List<Outcome.Standing> standings = findings.stream().map(Finding::standing).toList();
    if (standings.contains(Outcome.Standing.VIOLATED)) {
      return Verdict.VIOLATED;
    }
    return standings.contains(Outcome.Standing.NOT_OWED)
        ? Verdict.INCONCLUSIVE
        : Verdict.AS_EXPECTED;
  }

  /** What was expected and did not happen. */
  public List<String> violations() {
    List<String> violations = new ArrayList<>();
    findings.stream().filter(f -> !f.isMet()).forEach(f -> violations.add(f.toString()));
    return violations;
  }
}
