package io.pbft.core.normal;

import io.pbft.core.execution.ClientTable;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.DigestSet;
import io.pbft.core.validation.Verified;

/** Whether a backup accepts a pre-prepare (OSDI'99, section 4.2). Changes nothing. */
public final class PrePrepareValidator {
  private final Context context;
  private final MessageLog log;
  private final ClientTable table;

  public PrePrepareValidator(Context context, MessageLog log, ClientTable table) {
    this.context = context;
    this.log = log;
    this.table = table;
  }

  /**
   * The reason to refuse, or null. What has been decided is good, though its requests have been
   * executed since.
   *
   * @param lastChosen up to here the new-view has fixed the digests, and the proposal is not fresh:
   *     time and standing were checked when it first was
   */
  Reason check(Verified<PrePrepare> verified, long lastChosen) {
    PrePrepare m = verified.message();
    if ((m.view() != context.view() || !context.active()) && refuses(Reason.WRONG_VIEW)) {
      return Reason.WRONG_VIEW;
    }
    if (m.replica() != context.primary() && refuses(Reason.NOT_PRIMARY)) {
      return Reason.NOT_PRIMARY;
    }
    if (!log.inWindow(m.sequence()) && refuses(Reason.OUT_OF_WINDOW)) {
      return Reason.OUT_OF_WINDOW;
    }
    if (!m.digest().equals(m.batch().digest()) && refuses(Reason.BAD_DIGEST)) {
      return Reason.BAD_DIGEST;
    }
    Slot slot = log.find(m.sequence());
    if (slot != null && slot.hasAccepted(m.view())) {
      boolean same = slot.digest().equals(m.digest());
      return same || !refuses(Reason.CONFLICTING_PREPREPARE) ? null : Reason.CONFLICTING_PREPREPARE;
    }
    if (slot != null && m.digest().equals(slot.decision())) {
      return null;
    }
    boolean chosen = m.sequence() <= lastChosen && refuses(Reason.CONFLICTING_PREPREPARE);
    return chosen ? Reason.CONFLICTING_PREPREPARE : checkFresh(m);
  }

  private boolean refuses(Reason reason) {
    return context.refuses(reason);
  }

  /** A null batch is how a primary whose log is full gets to the next checkpoint. */
  private Reason checkFresh(PrePrepare m) {
    Batch batch = m.batch();
    if (batch.isNull()) {
      return null;
    }
    if (batch.requests().isEmpty() && refuses(Reason.MALFORMED)) {
      return Reason.MALFORMED;
    }
    boolean absurd = Math.abs(batch.time() - context.now()) > context.config().maxClockSkewMillis();
    if (absurd && refuses(Reason.BAD_NONDET)) {
      return Reason.BAD_NONDET;
    }
    DigestSet seen = new DigestSet(batch.requests().size());
    for (AuthenticatedRequest authenticated : batch.requests()) {
      Request request = authenticated.request();
      if (!seen.add(request.digest()) && refuses(Reason.DUPLICATE_REQUEST)) {
        return Reason.DUPLICATE_REQUEST;
      }
      boolean stale = table.standing(request) == ClientTable.Standing.EXECUTED;
      if (stale && refuses(Reason.STALE_REQUEST)) {
        return Reason.STALE_REQUEST;
      }
    }
    return null;
  }
}
