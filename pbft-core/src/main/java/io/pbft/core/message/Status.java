package io.pbft.core.message;

/**
 * What a replica has, so that others send what it lacks. In a view change, {@code view} is the one
 * asked for and {@code active} is false.
 */
public record Status(long view, boolean active, long stable, long executed, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.STATUS;
  }
}
