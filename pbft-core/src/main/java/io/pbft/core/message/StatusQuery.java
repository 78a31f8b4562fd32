package io.pbft.core.message;

/** An operator's question to one replica, over a client's authenticated link. */
public record StatusQuery(int client, long nonce) implements Message {
  @Override
  public MessageType type() {
    return MessageType.STATUS_QUERY;
  }
}
