package io.pbft.core.normal;

import io.pbft.core.TimerKind;
import io.pbft.core.runtime.Context;
import java.util.function.Consumer;

/**
 * The COMMIT of a batch that is executed tentatively, which nobody waits for: it goes with this
 * replica's next message to all, or alone when there is none in time (OSDI'99, section 5.1).
 */
final class UnsaidCommit {
  private static final long PATIENCE_MILLIS = 10;

  private final Context context;
  private final Consumer<Slot> broadcast;
  private Slot unsaid;
  private long since;

  /**
   * @param broadcast sends this replica's COMMIT for a slot to all others
   */
  UnsaidCommit(Context context, Consumer<Slot> broadcast) {
    this.context = context;
    this.broadcast = broadcast;
  }

  void putOff(Slot slot) {
    unsaid = slot;
    since = context.now();
    if (!context.isArmed(TimerKind.COMMIT)) {
      context.arm(TimerKind.COMMIT, PATIENCE_MILLIS);
    }
  }

  /** Sends it if there is one, unless its view has been left. */
  void say() {
    Slot slot = unsaid;
    unsaid = null;
    if (slot != null && context.active() && slot.view() == context.view()) {
      broadcast.accept(slot);
    }
  }

  /** The timer is not armed anew for each COMMIT, but once for all in its time. */
  void onTimer() {
    long left = since + PATIENCE_MILLIS - context.now();
    if (unsaid != null && left > 0) {
      context.arm(TimerKind.COMMIT, left);
    } else {
      say();
    }
  }
}
