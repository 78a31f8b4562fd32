package io.pbft.node;

import io.pbft.core.spi.StateMachine;

/**
 * Offers a replicated service under a short name, for {@code service: NAME} in {@code
 * cluster.yaml}. Found by {@link java.util.ServiceLoader}: name the implementation in {@code
 * META-INF/services/io.pbft.node.ServiceProvider}.
 */
public interface ServiceProvider {
  /** Lower-case letters, digits and dashes; no dot, which tells class names. */
  String name();

  /** A new state machine in its initial state, the same at every replica. */
  StateMachine create();
}
