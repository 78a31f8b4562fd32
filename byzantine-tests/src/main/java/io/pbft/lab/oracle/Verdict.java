package io.pbft.lab.oracle;

import java.util.List;

/**
 * What a run has shown.
 *
 * @param safe agreement, certificates, durability, recovery and equal states
 * @param live what was owed to clients came in time
 * @param valid only what clients sent was executed, once and in their order
 * @param linearizable what clients saw
 * @param bounded what is promised to be bounded
 * @param accused the replicas that signed contradictions, with the proof
 */
public record Verdict(
    Judgement safe,
    Judgement live,
    Judgement valid,
    Judgement linearizable,
    Judgement bounded,
    List<Accusation> accused) {
  /** How a promise fared. */
  public enum Outcome {
    HOLDS,
    VIOLATED,
    /** The promise was not made under these circumstances; the reason says why. */
    NOT_OWED
  }

  /** One promise. {@code reason} is empty only where it holds and there is nothing to say. */
  public record Judgement(Outcome outcome, String reason) {
    static Judgement holds() {
      return new Judgement(Outcome.HOLDS, "");
    }

    static Judgement violated(String reason) {
      return new Judgement(Outcome.VIOLATED, reason);
    }

    static Judgement notOwed(String reason) {
      return new Judgement(Outcome.NOT_OWED, reason);
    }

    public boolean isViolated() {
      return outcome == Outcome.VIOLATED;
    }

    @Override
    public String toString() {
      String word =
          outcome == Outcome.NOT_OWED
              ? "not owed"
              : outcome.name().toLowerCase(java.util.Locale.ROOT);
      return reason.isEmpty() ? word : word + " (" + reason + ")";
    }
  }

  public Verdict {
    accused = List.copyOf(accused);
  }

  /** Whether no promise was broken. */
  public boolean isGood() {
    return !safe.isViolated()
        && !live.isViolated()
        && !valid.isViolated()
        && !linearizable.isViolated()
        && !bounded.isViolated();
  }

  /** The gravest promise that was broken, in the words of scenarios; empty where none was. */
  public String broken() {
    return safe.isViolated()
        ? "safe"
        : valid.isViolated()
            ? "valid"
            : linearizable.isViolated()
                ? "linearizable"
                : bounded.isViolated() ? "bounded" : live.isViolated() ? "live" : "";
  }

  @Override
  public String toString() {
    return "safe: "
        + safe
        + "; live: "
        + live
        + "; valid: "
        + valid
        + "; linearizable: "
        + linearizable
        + "; bounded: "
        + bounded
        + "; accused: "
        + accused;
  }
}
