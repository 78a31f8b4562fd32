package io.pbft.core.normal;

import io.pbft.core.Observation;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Context;
import io.pbft.crypto.Digest;

/**
 * Counts PREPAREs and COMMITs: one of each replica for a view and a sequence number. What does not
 * count is refused, or put off where nobody is to blame.
 */
final class Tally {
  private final Context context;
  private final MessageLog log;

  Tally(Context context, MessageLog log) {
    this.context = context;
    this.log = log;
  }

  /**
   * Whether a vote of the view may count for the sequence number. Outside the window nobody is to
   * blame: below, the vote is late; above, this replica's h may be what lags.
   */
  boolean admits(MessageType type, long view, long sequence, int sender) {
    if (view < context.view() && context.refuses(Reason.WRONG_VIEW)) {
      context.defer(Reason.WRONG_VIEW, type, sender);
    } else if (!log.inWindow(sequence) && context.refuses(Reason.OUT_OF_WINDOW)) {
      context.defer(Reason.OUT_OF_WINDOW, type, sender);
    } else {
      return true;
    }
    return false;
  }

  /**
   * Counts an admitted vote.
   *
   * @param votes of the type, of the slot
   * @return whether it changes what is counted
   */
  boolean count(MessageType type, Votes votes, Slot slot, long claimed, Digest digest, int sender) {
    long view = context.refuses(Reason.WRONG_VIEW) ? claimed : Math.max(claimed, context.view());
    boolean mismatch = slot.hasAccepted(view) && !slot.digest().equals(digest);
    boolean bent = mismatch && !context.refuses(Reason.DIGEST_MISMATCH);
    Digest counted = bent ? slot.digest() : digest;
    switch (votes.record(sender, view, counted)) {
      case DUPLICATE -> {
        return countAgain(Reason.DUPLICATE_VOTE, type, votes, view, counted, sender);
      }
      case STALE -> context.defer(Reason.WRONG_VIEW, type, sender);
      case CONFLICTING -> {
        if (countAgain(Reason.CONFLICTING_VOTE, type, votes, view, counted, sender)) {
          return true;
        }
        context.observe(new Observation.Equivocation(sender, view, slot.sequence()));
      }
      case COUNTED -> {
        if (view > context.view() || !context.active()) {
          context.defer(Reason.FUTURE_VIEW, type, sender);
        } else if (mismatch && !bent) {
          context.refuse(Reason.DIGEST_MISMATCH, type, sender);
        }
        return true;
      }
    }
    return false;
  }

  /** Nobody is counted twice, unless a test build shows what that would do. */
  private boolean countAgain(
      Reason reason, MessageType type, Votes votes, long view, Digest digest, int sender) {
    if (!context.refuses(reason)) {
      votes.recordAgain(view, digest);
      return true;
    }
    if (reason == Reason.DUPLICATE_VOTE) {
      context.defer(reason, type, sender);
    } else {
      context.refuse(reason, type, sender);
    }
    return false;
  }
}
