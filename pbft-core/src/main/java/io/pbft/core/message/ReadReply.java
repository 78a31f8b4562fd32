package io.pbft.core.message;

import io.pbft.crypto.Digest;

/**
 * The answer to an unordered read, or the word that there will be none: with {@link Digest#ZERO}
 * and no result. The client asks elsewhere, or has the read ordered.
 *
 * @param executed the last sequence number executed when the read was answered
 * @param result null when only the digest is sent
 */
public record ReadReply(
    long session, long nonce, long executed, Digest resultDigest, Result result, int replica)
    implements ReplicaMessage {
  /** The replica does not answer the read now. */
  public static ReadReply refusal(ReadRequest read, int replica) {
    return new ReadReply(read.session(), read.nonce(), 0, Digest.ZERO, null, replica);
  }

  /** Whether it is no answer. */
  public boolean isRefusal() {
    return result == null && resultDigest.equals(Digest.ZERO);
  }

  @Override
  public MessageType type() {
    return MessageType.READ_REPLY;
  }
}
