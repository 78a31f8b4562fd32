package io.pbft.core.message;

import io.pbft.crypto.Digest;

/**
 * The answer to an unordered read.
 *
 * @param executed the last sequence number executed when the read was answered
 * @param result null when only the digest is sent
 */
public record ReadReply(
    long session, long nonce, long executed, Digest resultDigest, Result result, int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.READ_REPLY;
  }
}
