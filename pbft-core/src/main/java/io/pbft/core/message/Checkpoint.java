package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** CHECKPOINT(s, d, i): replica i's state after executing s has digest d. Always signed. */
public record Checkpoint(long sequence, Digest digest, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.CHECKPOINT;
  }
}
