package io.pbft.core.message;

/**
 * What a replica has, so that others send what it lacks. In a view change, {@code view} is the one
 * asked for and {@code active} is false.
 *
 * @param nonce of a replica that lost its memory, a question; of others, the nonce that they
 *     answer; else 0
 */
public record Status(long view, boolean active, long stable, long executed, long nonce, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.STATUS;
  }
}
