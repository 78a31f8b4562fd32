package io.pbft.core.message;

/** Asks for one chunk of a checkpoint's application state. */
public record FetchChunk(long sequence, int index, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.FETCH_CHUNK;
  }
}
