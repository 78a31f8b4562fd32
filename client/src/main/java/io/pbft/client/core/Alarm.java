package io.pbft.client.core;

/**
 * One timer, for the earliest of many deadlines. Lazy: a deadline that goes away leaves the timer
 * armed, and the handler finds nothing due; so a request that is answered in time costs no effect.
 */
final class Alarm {
  private final ClientTimer kind;
  private final Outbox out;
  private long generation;
  private boolean armed;
  private long dueAt;

  Alarm(ClientTimer kind, Outbox out) {
    this.kind = kind;
    this.out = out;
  }

  /** Makes sure that the timer fires no later than at {@code deadline}. */
  void noLaterThan(long deadline, long at) {
    if (armed && dueAt <= deadline) {
      return;
    }
    armed = true;
    dueAt = deadline;
    generation++;
    out.add(new ClientEffect.Arm(kind, generation, Math.max(deadline - at, 1)));
  }

  /** Whether this firing is the one that was asked for last; after it, no timer is armed. */
  boolean accept(long firedGeneration) {
    boolean current = armed && firedGeneration == generation;
    if (current) {
      armed = false;
    }
    return current;
  }

  void cancel() {
    if (armed) {
      armed = false;
      out.add(new ClientEffect.Cancel(kind));
    }
  }
}
