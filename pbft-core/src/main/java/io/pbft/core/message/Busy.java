package io.pbft.core.message;

/**
 * The replica does not take the request now.
 *
 * @param mustSign it takes none of this client that is not signed, now or later; otherwise it has
 *     too much to do, and the client backs off
 */
public record Busy(long session, long timestamp, boolean mustSign, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.BUSY;
  }
}
