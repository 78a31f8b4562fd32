package io.pbft.core.message;

/**
 * An unordered read, sent to replicas directly (OSDI'99, section 5.1). Convinces only the replica
 * at the other end of the link; never relayed.
 *
 * @param nonce tells the client's reads apart
 * @param fast true: answer only once everything prepared here has executed, so that {@code q}
 *     matching answers are linearizable; false: a stale read, answered at once
 */
public record ReadRequest(int client, long session, long nonce, boolean fast, byte[] operation)
    implements Message {
  @Override
  public MessageType type() {
    return MessageType.READ_REQUEST;
  }
}
