package io.pbft.core.message;

import io.pbft.crypto.Digest;

/** Asks for a view-change message that a new-view names. */
public record FetchViewChange(long view, int author, Digest digest, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.FETCH_VIEW_CHANGE;
  }
}
