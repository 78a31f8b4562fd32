package io.pbft.core;

/** The core's timers; at most one of each is armed. */
public enum TimerKind {
  /** The oldest request has waited too long: ask for the next view. */
  REQUEST,
  /** The new view did not start in time: ask for the one after. */
  VIEW_CHANGE,
  /** Tell the others where this replica is. */
  STATUS,
  /** An answer to a fetch did not come: ask somebody else. */
  FETCH,
  /** A COMMIT has waited long enough for a message that it could go with. */
  COMMIT
}
