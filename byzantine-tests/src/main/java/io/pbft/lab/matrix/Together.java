package io.pbft.lab.matrix;

import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.LogRecord;

/** Only the defences that are up in both. */
record Together(Defences one, Defences other) implements Defences {
  @Override
  public boolean refuses(Reason reason) {
    return one.refuses(reason) && other.refuses(reason);
  }

  @Override
  public Quorums quorums(Quorums proper) {
    return other.quorums(one.quorums(proper));
  }

  @Override
  public Quorums replies(Quorums proper) {
    return other.replies(one.replies(proper));
  }

  @Override
  public boolean arms(TimerKind kind) {
    return one.arms(kind) && other.arms(kind);
  }

  @Override
  public boolean keeps(Rule rule) {
    return one.keeps(rule) && other.keeps(rule);
  }

  @Override
  public boolean persists(LogRecord fact) {
    return one.persists(fact) && other.persists(fact);
  }
}
