package io.pbft.cli;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import java.util.List;
import java.util.function.UnaryOperator;

/** A traitor that plays along, as the honest replica that it decorates, until it is woken. */
final class Sleeper implements UnaryOperator<ReplicaCore> {
  private final UnaryOperator<ReplicaCore> treason;
  private volatile boolean awake;

  Sleeper(UnaryOperator<ReplicaCore> treason, boolean awake) {
    this.treason = treason;
    this.awake = awake;
  }

  /** From any thread; counts from the next event on. */
  void wake() {
    awake = true;
  }

  @Override
  public ReplicaCore apply(ReplicaCore honest) {
    ReplicaCore traitor = treason.apply(honest);
    return new ReplicaCore() {
      @Override
      public List<Effect> step(Event event) {
        return (awake ? traitor : honest).step(event);
      }

      @Override
      public CoreStatus status() {
        return honest.status();
      }
    };
  }
}
