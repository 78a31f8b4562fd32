package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** PRE-PREPARE(v, s, d, batch): the primary of view v assigns sequence number s. */
public record PrePrepare(long view, long sequence, Digest digest, Batch batch, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.PRE_PREPARE;
  }
}
