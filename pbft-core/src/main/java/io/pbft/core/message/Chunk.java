package io.pbft.core.message;

/** One chunk of a checkpoint's application state. */
public record Chunk(long sequence, int index, byte[] bytes, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.CHUNK;
  }
}
