package io.pbft.core.replica;

import io.pbft.core.Effect;
import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.execution.Execution;
import io.pbft.core.message.ViewChange;
import io.pbft.core.normal.MessageLog;
import io.pbft.core.runtime.Context;
import io.pbft.core.transfer.StateTransfer;
import io.pbft.core.viewchange.NewViewPlan;
import io.pbft.crypto.Digest;

/**
 * How a replica gets where the others are (OSDI'99, section 4.6): it follows them batch by batch as
 * far as they keep what it lacks, and fetches a state where that ends, where it stands still, where
 * its own is not the certified one, or where it has executed what a view began without.
 */
final class CatchUp {
  private final Context context;
  private final MessageLog log;
  private final Execution execution;
  private final Checkpoints checkpoints;
  private final StateTransfer transfer;
  private final Runnable ask;
  private ViewChange.Held ahead;
  private long executedAtLastTick;
  private boolean installing;

  /**
   * @param ask broadcasts this replica's STATUS, which others answer with batches
   */
  CatchUp(
      Context context, MessageLog log, Execution execution, Checkpoints checkpoints, Runnable ask) {
    this.context = context;
    this.log = log;
    this.execution = execution;
    this.checkpoints = checkpoints;
    this.transfer = new StateTransfer(context, sequence -> tryInstall());
    this.ask = ask;
  }

  /** What is being fetched, if anything is. */
  StateTransfer transfer() {
    return transfer;
  }

  /**
   * After a restart.
   *
   * @param lacking the stable checkpoint whose state is not here, or null
   */
  void onStarted(ViewChange.Held lacking) {
    ahead = lacking;
    considerTransfer();
  }

  /** Fetches a state when execution has stood still since the last tick though others are ahead. */
  void onTick() {
    considerTransfer();
    executedAtLastTick = execution.lastExecuted();
  }

  private void considerTransfer() {
    if (!lacks(ahead)) {
      ahead = null;
      return;
    }
    boolean standsStill = execution.lastExecuted() == executedAtLastTick;
    if (standsStill || isOutOfReach(ahead)) {
      fetch(ahead);
    }
  }

  private boolean lacks(ViewChange.Held checkpoint) {
    return checkpoint != null && checkpoint.sequence() > execution.lastExecuted();
  }

  /**
   * Whether others can no longer be followed batch by batch. After a fetched state the own window
   * lies behind, until their proof of its checkpoint comes.
   */
  private boolean isOutOfReach(ViewChange.Held checkpoint) {
    long executed = execution.lastExecuted();
    return checkpoint.sequence() > Math.max(log.high(), executed) + context.config().history()
        || executed < log.low();
  }

  /** The latest that was heard of: others vouch for it once, and would not say so again. */
  private void noteAhead(ViewChange.Held checkpoint) {
    if (ahead == null || checkpoint.sequence() > ahead.sequence()) {
      ahead = checkpoint;
    }
  }

  private void fetch(ViewChange.Held target) {
    transfer.start(
        target.sequence(),
        target.digest(),
        checkpoints.holders(target.sequence(), target.digest()));
  }

  /**
   * Others have a checkpoint that this replica lacks.
   *
   * @param certified {@code q} of them vouch for it, else {@code f+1}
   */
  void onAhead(ViewChange.Held checkpoint, boolean certified) {
    boolean beyondWindow = execution.lastExecuted() > log.high();
    if (beyondWindow && !certified) {
      return;
    }
    noteAhead(checkpoint);
    if (lacks(ahead) && isOutOfReach(ahead)) {
      fetch(ahead);
    }
  }

  /** The quorum's state at a checkpoint is another one than this replica's. */
  void onDiverged(ViewChange.Held certified) {
    fetch(certified);
  }

  /**
   * Fetches the state that a view starts from where it is missing or another. h stays where it is:
   * that {@code f+1} list the checkpoint makes it true, but only a quorum's votes, repeated on
   * every tick, make it stable.
   */
  void adoptStart(NewViewPlan plan) {
    Digest own = checkpoints.own(plan.start());
    boolean isHere =
        own == null ? plan.start() <= execution.lastExecuted() : own.equals(plan.startDigest());
    if (plan.start() > log.low() && !isHere) {
      noteAhead(new ViewChange.Held(plan.start(), plan.startDigest()));
      fetch(ahead);
    }
  }

  /**
   * Back to the last stable checkpoint, whose state is here as a rule, and from there on what has
   * been decided since.
   */
  void onUndone() {
    if (!transfer.isActive()) {
      fetch(checkpoints.stableCheckpoint());
    }
    tryInstall();
  }

  /** Following the others batch by batch: asks for the next ones, not waiting for the tick. */
  void askOn() {
    if (lacks(ahead) && context.config().history() > 0) {
      ask.run();
    }
  }

  /** A batch has been executed: this replica may have got to the checkpoint by itself. */
  void onExecuted() {
    if (!installing && isNeedless()) {
      transfer.finish();
    }
  }

  /** This replica has got there by itself, and in the certified state. */
  private boolean isNeedless() {
    if (!transfer.isActive()
        || execution.isUndone()
        || transfer.target() > execution.lastExecuted()) {
      return false;
    }
    Digest own = checkpoints.own(transfer.target());
    return own == null || own.equals(transfer.targetDigest());
  }

  /** Installs a staged state when nothing is being executed. */
  void tryInstall() {
    if (transfer.isActive() && transfer.isStaged() && !installing && !execution.isExecuting()) {
      if (isNeedless()) {
        transfer.finish();
        return;
      }
      installing = true;
      execution.suspend();
      context.emit(new Effect.InstallSnapshot(transfer.target(), transfer.targetDigest()));
    }
  }

  /**
   * The fetched state is the state machine's.
   *
   * @return its digest
   */
  Digest onInstalled() {
    installing = false;
    Digest digest = transfer.targetDigest();
    transfer.finish();
    return digest;
  }

  /** All parts know of the installed state; what the others have done meanwhile may be another. */
  void goOnFrom(long installed) {
    if (installed < checkpoints.stable()) {
      noteAhead(checkpoints.stableCheckpoint());
      fetch(ahead);
    } else if (lacks(ahead) && isOutOfReach(ahead)) {
      // At once, since it is little that has changed now.
      fetch(ahead);
    }
  }
}
