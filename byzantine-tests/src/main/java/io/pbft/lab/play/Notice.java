package io.pbft.lab.play;

import io.pbft.core.Observation;
import io.pbft.core.message.Reason;

/** An observation as scenarios name it. */
record Notice(String what, long slot, long view) {
  private static final long NONE = Fields.NONE;

  /** Null for those that scenarios do not speak of. */
  static Notice of(Observation observation) {
    if (observation instanceof Observation.ViewEntered o) {
      return new Notice("entered-view", NONE, o.view());
    } else if (observation instanceof Observation.Executing o) {
      return new Notice("executing", o.sequence(), NONE);
    } else if (observation instanceof Observation.PrePrepared o) {
      return new Notice("pre-prepared", o.sequence(), o.view());
    } else if (observation instanceof Observation.Prepared o) {
      return new Notice("prepared", o.sequence(), o.view());
    } else if (observation instanceof Observation.CommittedLocal o) {
      return new Notice("committed", o.sequence(), o.view());
    } else if (observation instanceof Observation.CheckpointStable o) {
      return new Notice("stable", o.sequence(), NONE);
    } else if (observation instanceof Observation.ViewChangeStarted o) {
      return new Notice("view-change", NONE, o.view());
    }
    return rare(observation);
  }

  private static Notice rare(Observation observation) {
    if (observation instanceof Observation.TransferStarted o) {
      return new Notice("transfer", o.sequence(), NONE);
    } else if (observation instanceof Observation.TransferFinished o) {
      return new Notice("transferred", o.sequence(), NONE);
    } else if (observation instanceof Observation.StateDiverged o) {
      return new Notice("diverged", o.sequence(), NONE);
    } else if (observation instanceof Observation.Equivocation o) {
      return new Notice("equivocation", o.sequence(), o.view());
    } else if (observation instanceof Observation.VotingResumed o) {
      return new Notice("voting-resumed", o.stable(), NONE);
    } else if (observation instanceof Observation.TentativelyExecuting o) {
      return new Notice("tentative", o.sequence(), o.view());
    } else if (observation instanceof Observation.Undone o) {
      return new Notice("undone", o.sequence(), NONE);
    } else if (observation instanceof Observation.Deferred o
        && o.reason() == Reason.OUT_OF_WINDOW) {
      return new Notice("out-of-window", NONE, NONE);
    }
    return null;
  }
}
