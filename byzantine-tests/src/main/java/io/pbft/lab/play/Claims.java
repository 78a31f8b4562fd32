package io.pbft.lab.play;

import io.pbft.core.message.Reason;
import io.pbft.lab.play.Outcome.Property;
import io.pbft.lab.play.Outcome.Standing;
import io.pbft.lab.scenario.Actors;
import io.pbft.lab.scenario.Comparison;
import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Compares a run with what was expected of it. */
final class Claims {
  private static final Comparison SOME = Comparison.atLeast(1);

  private final Stage stage;
  private final Outcome outcome;
  private final Timeline timeline;
  private final List<Workload> workloads;
  private final Supplier<String> disagreement;
  private final HonestRun honestRun;

  /** The same without traitors, for comparison; run only when asked for. */
  interface HonestRun {
    /** Operations completed a second of virtual time. */
    double throughput();
  }

  /**
   * @param disagreement why the correct replicas do not agree, or empty
   */
  Claims(
      Stage stage,
      Outcome outcome,
      Timeline timeline,
      List<Workload> workloads,
      Supplier<String> disagreement,
      HonestRun honestRun) {
    this.stage = stage;
    this.outcome = outcome;
    this.timeline = timeline;
    this.workloads = workloads;
    this.disagreement = disagreement;
    this.honestRun = honestRun;
  }

  /**
   * What the oracles found though the scenario claims nothing of the kind: that does not go unseen.
   */
  List<Finding> unclaimed(List<Phrase> claims) {
    List<String> heads = claims.stream().map(Phrase::head).toList();
    List<Finding> found = new ArrayList<>();
    for (Property property : Property.values()) {
      String head = property.name().toLowerCase(Locale.ROOT);
      boolean unseen =
          property != Property.LIVE && !heads.contains("violated") && !heads.contains(head);
      if (unseen && outcome.of(property).standing() == Standing.VIOLATED) {
        found.add(property(Vocabulary.phrase(Vocabulary.Place.EXPECTATION, head)));
      }
    }
    return found;
  }

  Finding judge(Phrase claim) {
    return switch (claim.head()) {
      case "safe", "live", "valid", "linearizable", "bounded" -> property(claim);
      case "violated" -> violated(claim);
      case "stalled" -> stalled(claim);
      case "agreed" -> finding(claim, disagreement.get().isEmpty(), disagreement.get());
      case "repaired" -> {
        String unlike = unrepaired(stage, stage.replicas(claim.actors("who"), self()));
        yield finding(claim, unlike.isEmpty(), unlike);
      }
      case "refused" -> counted(claim, stage.chronicle().refused(reason(claim)));
      case "deferred" -> counted(claim, stage.chronicle().deferred(reason(claim)));
      case "accused" -> accused(claim);
      case "slot" -> slot(claim);
      case "primary" -> primary(claim);
      case "throughput" -> throughput(claim);
      default -> measured(claim);
    };
  }

  private static Finding finding(Phrase claim, boolean met, String otherwise) {
    return new Finding(claim, met ? Standing.HOLDS : Standing.VIOLATED, met ? "" : otherwise);
  }

  /** What was measured is told in any case. */
  private static Finding measured(Phrase claim, boolean met, String found) {
    return new Finding(claim, met ? Standing.HOLDS : Standing.VIOLATED, found);
  }

  private Finding property(Phrase claim) {
    Property property = Property.valueOf(claim.head().toUpperCase(Locale.ROOT));
    Outcome.Judgement judgement = outcome.of(property);
    if (judgement.holds() && property == Property.LIVE && claim.has("within")) {
      long bound = claim.span("within").toMicros(stage.config());
      long took = lastCompletion() - timeline.lastFaultMicros();
      return finding(claim, took < bound, "it took " + millis(took) + " after the last fault");
    }
    return new Finding(claim, judgement.standing(), judgement.reason());
  }

  private long lastCompletion() {
    return workloads.stream().mapToLong(Workload::lastCompletionMicros).max().orElse(0);
  }

  private Finding violated(Phrase claim) {
    return Arrays.stream(Property.values())
        .filter(p -> p != Property.LIVE && outcome.of(p).standing() == Standing.VIOLATED)
        .findFirst()
        .map(p -> measured(claim, true, outcome.of(p).reason()))
        .orElse(measured(claim, false, "nothing was violated"));
  }

  private Finding stalled(Phrase claim) {
    Outcome.Judgement live = outcome.of(Property.LIVE);
    return finding(claim, live.standing() == Standing.NOT_OWED, "liveness is " + live.standing());
  }

  /** Which correct replica's state differs from the first one's; empty when none does. */
  static String disagreement(Stage stage) {
    byte[] first = null;
    for (int i = 0; i < stage.config().n(); i++) {
      if (stage.isTraitor(i) || stage.chronicle().down().contains(i)) {
        continue;
      }
      byte[] state = stage.world().replica(i).machine().snapshot().toBytes();
      if (first != null && !Arrays.equals(first, state)) {
        return "the state of r" + i + " differs: " + stage.world().replica(i).status();
      }
      first = state;
    }
    return "";
  }

  /** Which of the replicas is not in the state of the correct ones; empty when none differs. */
  static String unrepaired(Stage stage, List<Integer> replicas) {
    int correct = 0;
    while (stage.isTraitor(correct)) {
      correct++;
    }
    byte[] right = stage.world().replica(correct).machine().snapshot().toBytes();
    for (int i : replicas) {
      if (!Arrays.equals(right, stage.world().replica(i).machine().snapshot().toBytes())) {
        return "the state of r" + i + " is not that of r" + correct;
      }
    }
    return "";
  }

  private static Reason reason(Phrase claim) {
    return Reason.valueOf(claim.word("reason"));
  }

  private Finding counted(Phrase claim, Map<Integer, Long> bySender) {
    Comparison wanted = claim.has("times") ? claim.bound("times") : SOME;
    long count = Chronicle.sum(bySender);
    if (claim.has("from")) {
      List<Integer> senders = stage.replicas(claim.actors("from"), self());
      count = senders.stream().mapToLong(s -> bySender.getOrDefault(s, 0L)).sum();
    }
    return finding(claim, wanted.holds(count), "it was " + count + ", by sender " + bySender);
  }

  private Stage.Self self() {
    return new Stage.Self(
        io.pbft.crypto.Principal.client(0), stage.chronicle().highestView(), null);
  }

  private Finding accused(Phrase claim) {
    TreeSet<Integer> accused = stage.chronicle().accused();
    List<Integer> named = stage.replicas(claim.actors("who"), self());
    return finding(claim, accused.containsAll(named), "accused are " + accused);
  }

  private Finding slot(Phrase claim) {
    int digests = stage.chronicle().executedAt(claim.number("number", 0)).size();
    return finding(claim, digests == 1, digests + " batches were executed there");
  }

  private Finding primary(Phrase claim) {
    Actors unwanted = claim.actors("not");
    List<Integer> not = stage.replicas(unwanted, self());
    long bound =
        claim.has("within")
            ? claim.span("within").toMicros(stage.config())
            : stage.hand().nowMicros();
    Optional<Chronicle.Entered> replaced =
        stage.chronicle().entered().stream()
            .filter(e -> e.atMicros() <= bound && !not.contains(e.primary()))
            .findFirst();
    String found =
        replaced
            .map(entered -> "after " + millis(entered.atMicros()))
            .orElse("no other view was entered in time");
    return measured(claim, replaced.isPresent(), found);
  }

  private Finding throughput(Phrase claim) {
    double honest = honestRun.throughput();
    double here = throughput(workloads);
    long percent = Math.round(100 * here / honest);
    return measured(
        claim, claim.bound("times").holds(percent), "it was " + percent + "% of the honest run");
  }

  static double throughput(List<Workload> workloads) {
    long completed = workloads.stream().mapToLong(Workload::completed).sum();
    long until = workloads.stream().mapToLong(Workload::lastCompletionMicros).max().orElse(1);
    return completed * 1e6 / Math.max(1, until);
  }

  private Finding measured(Phrase claim) {
    long value =
        switch (claim.head()) {
          case "view" -> stage.chronicle().highestView();
          case "noticed" -> noticed(claim);
          case "completed" -> workloads.stream().mapToLong(Workload::completed).sum();
          case "recovery" -> workloads.stream().mapToLong(Workload::longestMicros).max().orElse(0);
          default -> throw new IllegalStateException("no measure for " + claim);
        };
    Comparison wanted = claim.has("times") ? claim.bound("times") : SOME;
    String found = claim.head().equals("recovery") ? millis(value) : Long.toString(value);
    return measured(claim, wanted.holds(value), "it was " + found);
  }

  private long noticed(Phrase claim) {
    if (!claim.has("by")) {
      return stage.chronicle().noticed(claim.word("what"));
    }
    Map<Integer, Long> by = stage.chronicle().noticedBy(claim.word("what"));
    List<Integer> who = stage.replicas(claim.actors("by"), self());
    return who.stream().mapToLong(replica -> by.getOrDefault(replica, 0L)).sum();
  }

  private static String millis(long micros) {
    return micros / 1000 + "ms";
  }
}
