package io.pbft.lab.sim;

import java.util.List;

/**
 * A promise that was broken, as a value: what, when, who had a part in it, and what proves it.
 *
 * @param atMicros virtual time since the start of the run
 * @param replicas the replicas whose doing shows it, ascending; not necessarily the guilty ones
 */
public record Violation(Kind kind, long atMicros, List<Integer> replicas, String evidence) {
  /** Which promise. The first six make up safety. */
  public enum Kind {
    /** Two correct replicas executed different batches at one sequence number. */
    AGREEMENT,
    /** Something was executed that no client sent, or twice, or out of its client's order. */
    VALIDITY,
    /** A correct replica contradicted its own vote. */
    CERTIFICATE,
    /** Something acknowledged is missing from a state that should have it. */
    DURABILITY,
    /** A correct replica could not start from what its disk held. */
    RECOVERY,
    /** Correct replicas that executed the same have different states. */
    STATE,
    /** A correct client saw what no order of the operations explains. */
    LINEARIZABILITY,
    /** Something that is promised to be bounded exceeded its bound. */
    BOUND,
    /** Something that was owed in time did not come. */
    LIVENESS
  }

  public Violation {
    replicas = List.copyOf(replicas);
  }

  /** For people, one line. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT)
        + " at "
        + atMicros / 1000
        + " ms, replicas "
        + replicas
        + ": "
        + evidence;
  }
}
