package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** PREPARE(v, s, d, i): backup i accepted the pre-prepare. */
public record Prepare(long view, long sequence, Digest digest, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.PREPARE;
  }
}
