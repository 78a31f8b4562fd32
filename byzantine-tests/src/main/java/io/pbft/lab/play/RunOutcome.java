package io.pbft.lab.play;

import io.pbft.lab.oracle.Verdict;
import java.util.List;
import java.util.TreeSet;

/**
 * Judged by the oracles, which check every invariant at every step, and from what the service says
 * of its clients' answers. Whether the clients' work was done, and had to be, is the scenario's own
 * affair: it is done within the scenario's duration, not within the oracles' bound.
 */
final class RunOutcome implements Outcome {
  private static final Judgement HOLDS = new Judgement(Standing.HOLDS, "");

  private final Stage stage;
  private final Timeline timeline;
  private final List<Workload> workloads;
  private final Verdict verdict;
  private final String failure;

  /**
   * @param failure the exception that ended the run, or null
   */
  RunOutcome(
      Stage stage, Timeline timeline, List<Workload> workloads, Verdict verdict, String failure) {
    this.stage = stage;
    this.timeline = timeline;
    this.workloads = workloads;
    this.verdict = verdict;
    this.failure = failure;
  }

  @Override
  public Judgement of(Property property) {
    return switch (property) {
      case SAFE -> failure != null ? violated(failure) : both(verdict.safe(), verdict.valid());
      case VALID -> answers(verdict.valid());
      case LINEARIZABLE -> answers(verdict.linearizable());
      case BOUNDED -> of(verdict.bounded());
      case LIVE -> live();
    };
  }

  private static Judgement violated(String why) {
    return new Judgement(Standing.VIOLATED, why);
  }

  private static Judgement of(Verdict.Judgement found) {
    return found.isViolated() ? violated(found.reason()) : HOLDS;
  }

  private static Judgement both(Verdict.Judgement one, Verdict.Judgement other) {
    return of(one.isViolated() ? one : other);
  }

  private Judgement answers(Verdict.Judgement found) {
    for (Workload workload : workloads) {
      if (!workload.wrong().isEmpty()) {
        return violated(workload.wrong().get(0));
      }
    }
    return of(found);
  }

  private boolean isBroken() {
    return failure != null || !verdict.isGood();
  }

  private Judgement live() {
    List<Workload> late = workloads.stream().filter(w -> !w.isDone()).toList();
    if (late.isEmpty() && !isBroken()) {
      return HOLDS;
    }
    StringBuilder why = new StringBuilder();
    late.forEach(w -> why.append("c").append(w.client()).append(" waits; "));
    for (int i = 0; i < stage.config().n(); i++) {
      why.append("r").append(i).append(' ').append(stage.world().replica(i).status()).append("; ");
    }
    return new Judgement(isLivenessOwed() ? Standing.VIOLATED : Standing.NOT_OWED, why.toString());
  }

  /** At most f are traitors or down, and the network's faults have ended. */
  private boolean isLivenessOwed() {
    TreeSet<Integer> faulty = new TreeSet<>(stage.traitors());
    faulty.addAll(stage.chronicle().down());
    return faulty.size() <= stage.config().quorums().f() && !timeline.isOpenEnded();
  }
}
