package io.pbft.lab.play;

import java.util.List;

/**
 * Judged from what the simulator checks at every step (agreement, exactly-once execution of real
 * requests, the log's bound) and from what the clients got.
 */
final class RunOutcome implements Outcome {
  private static final Judgement HOLDS = new Judgement(Standing.HOLDS, "");

  private final Stage stage;
  private final Timeline timeline;
  private final List<Workload> workloads;
  private final String violation;

  /**
   * @param violation what the simulator found, or null
   */
  RunOutcome(Stage stage, Timeline timeline, List<Workload> workloads, String violation) {
    this.stage = stage;
    this.timeline = timeline;
    this.workloads = workloads;
    this.violation = violation;
  }

  @Override
  public Judgement of(Property property) {
    return switch (property) {
      case SAFE -> unless("agreement", "validity", "failure");
      case BOUNDED -> unless("the log");
      case VALID, LINEARIZABLE -> wrongAnswers();
      case LIVE -> live();
    };
  }

  private Judgement unless(String... kinds) {
    for (String kind : kinds) {
      if (violation != null && violation.startsWith(kind)) {
        return new Judgement(Standing.VIOLATED, violation);
      }
    }
    return HOLDS;
  }

  private Judgement wrongAnswers() {
    for (Workload workload : workloads) {
      if (!workload.wrong().isEmpty()) {
        return new Judgement(Standing.VIOLATED, workload.wrong().get(0));
      }
    }
    return unless("validity");
  }

  private Judgement live() {
    List<Workload> late = workloads.stream().filter(w -> !w.isDone()).toList();
    if (late.isEmpty() && violation == null) {
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
    java.util.TreeSet<Integer> faulty = new java.util.TreeSet<>(stage.traitors());
    faulty.addAll(stage.chronicle().down());
    return faulty.size() <= stage.config().quorums().f() && !timeline.isOpenEnded();
  }
}
