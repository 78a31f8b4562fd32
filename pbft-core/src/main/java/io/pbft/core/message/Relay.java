package io.pbft.core.message;

import java.util.List;

/**
 * Signed messages of others (and one's own), passed on: view-changes, new-views, checkpoint proofs.
 */
public record Relay(List<Envelope> envelopes, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.RELAY;
  }
}
