package io.pbft.core.runtime;

import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Reason;
import io.pbft.core.spi.LogRecord;

/**
 * What keeps a replica safe, as questions that the code asks where it defends itself. In production
 * the answer is always {@link #ALL}. A test build of a replica answers otherwise, and so shows what
 * each defence is good for: an attack that is harmless with it must do harm without it.
 */
public interface Defences {
  /** Rules that refuse nothing, and so have no {@link Reason}. */
  enum Rule {
    /** {@code f+1} that ask for later views are joined at once. */
    FAST_JOIN,
    /** The view-change timer runs only once a quorum asks for the view. */
    QUORUM_BEFORE_TIMER,
    /** Each view change in a row is given twice the time of the one before. */
    DOUBLING,
    /** A primary whose links {@code f+1} have lost is replaced before the request timer says so. */
    LOST_PRIMARY,
    /** A primary that is slow, though not silent, is replaced. */
    SLOW_PRIMARY,
    /** Who has lost its memory casts no vote for what it may have voted on. */
    AMNESIAC_SILENCE,
    /** Only answers to the question of this life count for the end of that silence. */
    AMNESIAC_NONCE,
    /** {@code f+1} that have waited in vain for vouchers resolve the slot in another view. */
    UNVOUCHED,
    /** A client whose MACs stalled a slot must sign from then on. */
    MUST_SIGN,
    /** New-views wait one for each author, so that nobody's keeps another's out. */
    NEW_VIEW_FOR_EACH_AUTHOR,
    /** A fast read waits until what had prepared is executed, and decided. */
    READ_BARRIER,
    /** What was executed tentatively is taken back when it may never be decided. */
    UNDO
  }

  /** Every defence is up. */
  Defences ALL = new Defences() {};

  /** Whether what deserves the reason is refused; else it is taken for good. */
  default boolean refuses(Reason reason) {
    return true;
  }

  /** The sizes to count with. */
  default Quorums quorums(Quorums proper) {
    return proper;
  }

  /** The numbers of matching replies that a client waits for. */
  default Quorums replies(Quorums proper) {
    return proper;
  }

  /** Whether the timer is set at all. */
  default boolean arms(TimerKind kind) {
    return true;
  }

  /** Whether the rule is kept. */
  default boolean keeps(Rule rule) {
    return true;
  }

  /** Whether the fact is made durable before others hear of it. */
  default boolean persists(LogRecord fact) {
    return true;
  }
}
