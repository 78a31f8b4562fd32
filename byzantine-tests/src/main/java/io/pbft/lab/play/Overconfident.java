package io.pbft.lab.play;

import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.LogRecord;

/**
 * Replicas and clients that count on bearing more traitors than so few replicas can. Their quorums
 * are as large as f silent replicas allow, {@code n - f}, so that two of them may share none but
 * traitors: the control that shows why n must exceed 3f.
 *
 * @param f more than {@code floor((n-1)/3)}
 */
record Overconfident(Defences others, int f) implements Defences {
  @Override
  public Quorums quorums(Quorums proper) {
    return others.quorums(mistaken(proper));
  }

  @Override
  public Quorums replies(Quorums proper) {
    return others.replies(mistaken(proper));
  }

  private Quorums mistaken(Quorums proper) {
    return new Quorums(proper.n(), f, proper.n() - f, f + 1);
  }

  @Override
  public boolean refuses(Reason reason) {
    return others.refuses(reason);
  }

  @Override
  public boolean arms(TimerKind kind) {
    return others.arms(kind);
  }

  @Override
  public boolean keeps(Rule rule) {
    return others.keeps(rule);
  }

  @Override
  public boolean persists(LogRecord fact) {
    return others.persists(fact);
  }
}
