package io.pbft.examples.kv;

import io.pbft.core.spi.StateMachine;
import io.pbft.node.ServiceProvider;

/** {@code service: kv} in cluster.yaml. */
public final class KvService implements ServiceProvider {
  @Override
  public String name() {
    return "kv";
  }

  @Override
  public StateMachine create() {
    return new KvStateMachine();
  }
}
