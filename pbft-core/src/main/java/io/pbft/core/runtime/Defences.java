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

  /** Whether the timer is set at all. */
  default boolean arms(TimerKind kind) {
    return true;
  }

  /** Whether the fact is made durable before others hear of it. */
  default boolean persists(LogRecord fact) {
    return true;
  }
}
