package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** COMMIT(v, s, d, i): replica i has prepared(v, s, d). */
public record Commit(long view, long sequence, Digest digest, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.COMMIT;
  }
}
