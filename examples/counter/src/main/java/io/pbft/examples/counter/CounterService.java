package io.pbft.examples.counter;

import io.pbft.core.spi.StateMachine;
import io.pbft.node.ServiceProvider;

/** {@code service: counter} in cluster.yaml. */
public final class CounterService implements ServiceProvider {
  @Override
  public String name() {
    return "counter";
  }

  @Override
  public StateMachine create() {
    return new CounterStateMachine();
  }
}
