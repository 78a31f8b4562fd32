package io.pbft.compare.lie;

import io.pbft.compare.sim.Aftermath;

/** What a lie has come to. */
public enum Outcome {
  /** All correct replicas are in one state, and the client has every answer. */
  SAFE,
  /** Correct replicas are in different states. */
  DIVERGED,
  /** Correct replicas are in one state, but the client misses an answer. */
  STALLED;

  static Outcome of(Aftermath aftermath) {
    long states = aftermath.states().stream().map(Aftermath.State::contents).distinct().count();
    if (states > 1) {
      return DIVERGED;
    }
    return aftermath.answered() < aftermath.asked() ? STALLED : SAFE;
  }
}
