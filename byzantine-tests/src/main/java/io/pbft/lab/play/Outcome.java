package io.pbft.lab.play;

/** What a run was worth, property by property. */
public interface Outcome {
  /** What a run may have. */
  enum Property {
    /** Correct replicas agree on order and content. */
    SAFE,
    /** The operations of correct clients complete. */
    LIVE,
    /** Only what clients asked for is executed, once, with right answers. */
    VALID,
    /** What clients saw fits one order. */
    LINEARIZABLE,
    /** Memory stays within its bounds. */
    BOUNDED
  }

  /** How it stands with a property. */
  enum Standing {
    HOLDS,
    VIOLATED,
    /** It does not hold, and under these faults nobody promised it. */
    NOT_OWED
  }

  /** A property's standing and the reason. */
  record Judgement(Standing standing, String reason) {
    public boolean holds() {
      return standing == Standing.HOLDS;
    }
  }

  /** How it stands with a property. */
  Judgement of(Property property);
}
