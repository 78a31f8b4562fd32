package io.pbft.core.replica;

import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.message.ViewChange;
import io.pbft.core.normal.MessageLog;
import io.pbft.core.normal.Ordering;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.viewchange.ViewChanger;
import io.pbft.crypto.Digest;

/**
 * Puts back what an earlier life had voted for, from its journal: the last stable checkpoint, then
 * the view, then the votes in the log. A replica that forgets what it voted for is a traitor.
 */
final class Recovery {
  private final MessageLog log;
  private final Ordering ordering;
  private final Checkpoints checkpoints;
  private final ViewChanger viewChanger;

  Recovery(MessageLog log, Ordering ordering, Checkpoints checkpoints, ViewChanger viewChanger) {
    this.log = log;
    this.ordering = ordering;
    this.checkpoints = checkpoints;
    this.viewChanger = viewChanger;
  }

  /**
   * Replays.
   *
   * @return the stable checkpoint whose state is not here, or null
   */
  ViewChange.Held replay(Recovered recovered) {
    checkpoints.start(0, Digest.ZERO);
    LogRecord.Stable stable = null;
    for (LogRecord each : recovered.records()) {
      if (each instanceof LogRecord.Stable s
          && (stable == null || s.sequence() >= stable.sequence())) {
        stable = s;
      }
    }
    if (stable != null) {
      checkpoints.restoreStable(stable);
      log.advanceLow(stable.sequence());
      ordering.skipTo(stable.sequence());
    }
    for (LogRecord each : recovered.records()) {
      replay(each, recovered.snapshotSequence());
    }
    ordering.skipTo(recovered.snapshotSequence());
    boolean lacksState = stable != null && stable.sequence() > recovered.snapshotSequence();
    return lacksState ? new ViewChange.Held(stable.sequence(), stable.digest()) : null;
  }

  private void replay(LogRecord each, long snapshotSequence) {
    if (each instanceof LogRecord.PrePrepared m) {
      ordering.restore(m);
    } else if (each instanceof LogRecord.Prepared m) {
      ordering.restore(m);
    } else if (each instanceof LogRecord.LeftView m) {
      viewChanger.restoreLeft(m);
    } else if (each instanceof LogRecord.EnteredView m) {
      viewChanger.restoreEntered(m);
      ordering.restoreView(m.newView().start(), m.newView().choices());
    } else if (each instanceof LogRecord.Checkpointed m
        && m.sequence() > checkpoints.stable()
        && m.sequence() <= snapshotSequence) {
      checkpoints.restoreOwn(m.sequence(), m.digest());
    }
  }
}
