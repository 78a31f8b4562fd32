package io.pbft.core.message;

import io.pbft.crypto.Digest;

/**
 * REPLY(v, t, c, i, r): the result of a request at one replica. The designated replica sends the
 * full result, the others its digest only ({@code result} is null then; OSDI'99, section 5.1).
 *
 * @param tentative {@value #FINAL} when the request's batch is committed here; else the sequence
 *     number at which it has prepared here, in {@code view}, and has been executed tentatively: all
 *     below it is committed. Of such replies a quorum must agree, in view and sequence number, too.
 */
public record Reply(
    long view,
    int client,
    long session,
    long timestamp,
    Digest resultDigest,
    Result result,
    long tentative,
    int replica)
    implements ReplicaMessage {
  public static final long FINAL = 0;

  /** A reply that holds whatever happens. */
  public Reply(
      long view,
      int client,
      long session,
      long timestamp,
      Digest resultDigest,
      Result result,
      int replica) {
    this(view, client, session, timestamp, resultDigest, result, FINAL, replica);
  }

  public boolean isTentative() {
    return tentative != FINAL;
  }

  @Override
  public MessageType type() {
    return MessageType.REPLY;
  }
}
