package io.pbft.core.message;

import io.pbft.crypto.Digest;
import java.util.List;

/**
 * Claims that batches are committed-local at the sender: {@code digests.get(k)} at sequence number
 * {@code first + k}. {@code f+1} matching claims are a weak certificate, on which a replica that
 * was away may execute though the votes are gone.
 */
public record Committed(long first, List<Digest> digests, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.COMMITTED;
  }
}
