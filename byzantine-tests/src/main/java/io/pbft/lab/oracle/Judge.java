package io.pbft.lab.oracle;

import io.pbft.core.Observation;
import io.pbft.core.spi.StateMachine;
import io.pbft.lab.sim.Ledger;
import io.pbft.lab.sim.RegisterMachine;
import io.pbft.lab.sim.RunListener;
import io.pbft.lab.sim.SimReplica;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.sim.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Watches a simulation with all oracles, and says in the end what it has shown. Violations are
 * collected, not thrown.
 *
 * <pre>{@code
 * Judge judge = Judge.of(world);
 * // faults and load
 * world.network().heal();
 * judge.faultsEnded();
 * world.run(judge.boundMillis());
 * Verdict verdict = judge.verdict();
 * }</pre>
 */
public final class Judge {
  private static final int MAX_VIOLATIONS = 100;
  private static final long SEARCH_BUDGET = 200_000;
  private static final Set<Violation.Kind> VALIDITY = EnumSet.of(Violation.Kind.VALIDITY);
  private static final Set<Violation.Kind> BOUNDS = EnumSet.of(Violation.Kind.BOUND);
  private static final Set<Violation.Kind> SAFETY =
      EnumSet.of(
          Violation.Kind.AGREEMENT,
          Violation.Kind.CERTIFICATE,
          Violation.Kind.DURABILITY,
          Violation.Kind.RECOVERY,
          Violation.Kind.STATE);

  private final Simulation world;
  private final History history;
  private final AccountabilityOracle accountability;
  private final LivenessOracle liveness;
  private final List<Violation> violations = new ArrayList<>();
  private Model<?> model;

  private Judge(Simulation world) {
    this.world = world;
    this.history = new History(world);
    this.accountability = new AccountabilityOracle(world);
    this.liveness = new LivenessOracle(world, history);
    this.model = world.newMachine() instanceof RegisterMachine ? Model.registers() : null;
  }

  /** Begins to watch; before the first operation, or that is not judged. */
  public static Judge of(Simulation world) {
    Judge judge = new Judge(world);
    world.onViolation(judge::note);
    world.listener(judge.history);
    world.listener(judge.accountability);
    world.listener(new CertificateOracle(world));
    world.listener(judge.new Rejoining());
    return judge;
  }

  /**
   * The model of the service, for the black-box search; without one only the witness is checked.
   */
  public Judge model(Model<?> value) {
    model = value;
    return this;
  }

  /** The network is healed, and who is faulty now stays so: from here on liveness is owed. */
  public void faultsEnded() {
    liveness.onFaultsEnded();
  }

  /**
   * How long an operation may take once the faults have ended; how it is made up: {@link
   * LivenessOracle}.
   */
  public long boundMillis() {
    return liveness.boundMillis();
  }

  /** When {@link #faultsEnded} was called, virtual microseconds since the start; -1 before. */
  public long faultsEndedAtMicros() {
    return liveness.faultsEndedAt();
  }

  /** What was found so far; at most a hundred. */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** Whether anything was found so far. */
  public boolean hasViolations() {
    return !violations.isEmpty();
  }

  /** The operations that were acknowledged tentatively and are not decided yet, in words. */
  public List<String> undecided() {
    return history.items().stream()
        .filter(history::isUndecided)
        .map(item -> item.invocation() + " was acknowledged, and is not decided")
        .toList();
  }

  /** Whether nothing is {@link #undecided}: to be waited for, or the run ends too early to tell. */
  public boolean isAllDecided() {
    return undecided().isEmpty();
  }

  public History history() {
    return history;
  }

  private void note(Violation violation) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(violation);
    }
  }

  /** Looks at the run as a whole. May be called again after it has gone on. */
  public Verdict verdict() {
    boolean agreed = find(SAFETY).isEmpty();
    if (agreed) {
      checkStates();
      checkHistory();
    }
    return new Verdict(
        judgement(SAFETY),
        liveness.judge(),
        judgement(VALIDITY),
        judgement(EnumSet.of(Violation.Kind.LINEARIZABILITY)),
        judgement(BOUNDS),
        accountability.accusations());
  }

  private List<Violation> find(Set<Violation.Kind> kinds) {
    return violations.stream().filter(v -> kinds.contains(v.kind())).toList();
  }

  private Verdict.Judgement judgement(Set<Violation.Kind> kinds) {
    List<Violation> found = find(kinds);
    return found.isEmpty()
        ? Verdict.Judgement.holds()
        : Verdict.Judgement.violated(found.get(0).toString());
  }

  /** Every correct replica is in the state that what was executed makes. */
  private void checkStates() {
    List<Ledger.Entry> order = world.ledger().entries();
    for (int i = 0; i < world.config().n(); i++) {
      SimReplica replica = world.replica(i);
      boolean known =
          world.ledger().decisions().headMap(replica.stateAt(), true).size() == replica.stateAt();
      if (replica.isStopped() || replica.isTentative() || world.isTraitor(i) || !known) {
        continue;
      }
      StateMachine machine = world.newMachine();
      for (Ledger.Entry each : order) {
        if (each.sequence() <= replica.stateAt()) {
          SlotOrderWitness.Replay.apply(machine, each);
        }
      }
      if (!Arrays.equals(machine.snapshot().toBytes(), replica.machine().snapshot().toBytes())) {
        world.report(
            Violation.Kind.DURABILITY,
            List.of(i),
            "its state at " + replica.stateAt() + " is not what was executed up to there");
      }
    }
  }

  private void checkHistory() {
    for (String wrong : SlotOrderWitness.check(world, history)) {
      boolean lost = wrong.contains("no correct replica has executed");
      world.report(
          lost ? Violation.Kind.DURABILITY : Violation.Kind.LINEARIZABILITY, List.of(), wrong);
    }
    if (model != null) {
      BlackBoxSearch.Finding found =
          new BlackBoxSearch<>(model, SEARCH_BUDGET).check(history.operations());
      if (found.outcome() == BlackBoxSearch.Outcome.NOT_LINEARIZABLE) {
        world.report(
            Violation.Kind.LINEARIZABILITY,
            List.of(),
            "no order explains what clients saw of " + found.key());
      }
    }
  }

  /** Replicas that have lost their memory count as faulty until they vote again. */
  private final class Rejoining implements RunListener {
    @Override
    public void onObservation(long atMicros, int replica, Observation observation) {
      if (observation instanceof Observation.VotingResumed) {
        liveness.onRejoined(replica);
      }
    }

    @Override
    public void onForgotten(long atMicros, int replica) {
      liveness.onRejoining(replica);
    }
  }
}
