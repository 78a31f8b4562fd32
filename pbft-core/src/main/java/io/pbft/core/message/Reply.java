package io.pbft.core.message;

import io.pbft.crypto.Digest;

/**
 * REPLY(v, t, c, i, r): the result of a request at one replica. The designated replica sends the
 * full result, the others its digest only ({@code result} is null then; OSDI'99, section 5.1).
 */
public record Reply(
    long view,
    int client,
    long session,
    long timestamp,
    Digest resultDigest,
    Result result,
    int replica)
    implements ReplicaMessage {
  @Override
  public MessageType type() {
    return MessageType.REPLY;
  }
}
