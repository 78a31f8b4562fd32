package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** Asks for the body of a batch by its digest. */
public record FetchBatch(long sequence, Digest digest, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.FETCH_BATCH;
  }
}
