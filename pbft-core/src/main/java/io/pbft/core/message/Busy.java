package io.pbft.core.message;

/** The replica cannot take the request now; the client backs off. */
public record Busy(long session, long timestamp, int replica) implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.BUSY;
  }
}
