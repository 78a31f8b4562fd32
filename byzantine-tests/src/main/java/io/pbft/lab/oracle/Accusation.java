package io.pbft.lab.oracle;

import io.pbft.core.message.Envelope;

/**
 * Proof, to anybody who has the public keys, that a replica is a traitor: two messages that it
 * signed and that contradict each other.
 */
public record Accusation(int replica, String what, Envelope one, Envelope other) {
  @Override
  public String toString() {
    return "replica " + replica + " signed two different " + what;
  }
}
