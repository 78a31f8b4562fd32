package io.pbft.core.message;

import io.pbft.crypto.Digest;
import java.util.List;

/**
 * The parts of a checkpoint's state digest: the replica's own replicated data, and the digest of
 * each chunk of application state.
 */
public record Manifest(long sequence, byte[] meta, List<Digest> chunks, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.MANIFEST;
  }
}
