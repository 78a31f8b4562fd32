package io.pbft.core.message;

/** The body of a batch that was asked for. */
public record BatchBody(long sequence, Batch batch, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.BATCH_BODY;
  }
}
