package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** Asks for the manifest of a checkpoint's state. */
public record FetchManifest(long sequence, Digest digest, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.FETCH_MANIFEST;
  }
}
