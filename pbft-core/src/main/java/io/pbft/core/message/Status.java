package io.pbft.core.message;

/**
 * What a replica has, so that others send what it lacks. In a view change, {@code view} is the one
 * asked for and {@code active} is false.
 *
 * @param nonce of a replica that lost its memory, a question; of others, the nonce that they
 *     answer; else 0
 * @param complaint what the replica would leave this view for if others say the same
 */
public record Status(
    long view,
    boolean active,
    long stable,
    long executed,
    long nonce,
    Complaint complaint,
    int replica)
    implements ReplicaMessage {
  /** Of a replica that has no complaint. */
  public Status(long view, boolean active, long stable, long executed, long nonce, int replica) {
    this(view, active, stable, executed, nonce, Complaint.NONE, replica);
  }

  @Override
  public MessageType type() {
    return MessageType.STATUS;
  }
}
