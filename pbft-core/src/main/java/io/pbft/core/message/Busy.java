package io.pbft.core.message;

/**
 * The replica does not take the request now.
 *
 * @param mustSign it takes none of this client that is not signed, now or later; otherwise it has
 *     too much to do, and the client backs off
 * @param room how many requests of this session find room even while the replica has too much to
 *     do, 0 if it does not say
 */
public record Busy(long session, long timestamp, boolean mustSign, long room, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.BUSY;
  }
}
