package io.pbft.core.message;

/**
 * What a replica has, so that others send what it lacks. In a view change, {@code view} is the one
 * asked for and {@code active} is false.
 *
 * @param nonce of a replica that lost its memory, a question; of others, the nonce that they
 *     answer; else 0
 * @param unvouched the replica has waited in vain for others to vouch for a proposal of this view
 */
public record Status(
    long view,
    boolean active,
    long stable,
    long executed,
    long nonce,
    boolean unvouched,
    int replica)
    implements ReplicaMessage {
  /** Of a replica that waits for no vouchers. */
  public Status(long view, boolean active, long stable, long executed, long nonce, int replica) {
    this(view, active, stable, executed, nonce, false, replica);
  }

  @Override
  public MessageType type() {
    return MessageType.STATUS;
  }
}
