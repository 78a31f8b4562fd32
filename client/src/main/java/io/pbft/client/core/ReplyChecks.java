package io.pbft.client.core;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.crypto.Digest;

/** Which replies to ordered requests count, and whose contradict what was accepted. */
final class ReplyChecks {
  private static final Digest FORGOTTEN =
      new Result(Result.Outcome.FORGOTTEN, new byte[0]).digest();
  private static final Digest EXPIRED =
      new Result(Result.Outcome.SESSION_EXPIRED, new byte[0]).digest();

  private final ClientConfig config;
  private final Session session;
  private final Outbox out;
  private final CheckedResults checked = new CheckedResults();

  ReplyChecks(ClientConfig config, Session session, Outbox out) {
    this.config = config;
    this.session = session;
    this.out = out;
  }

  /** Why it does not count, or null. */
  Reason refusal(Reply reply) {
    if (reply.client() != config.client()
        || reply.session() != config.session()
        || !session.wasSent(reply.timestamp())) {
      return Reason.NOT_ASKED_FOR;
    }
    return reply.result() == null || hasDigest(reply) ? null : Reason.BAD_DIGEST;
  }

  private boolean hasDigest(Reply reply) {
    Operation operation = session.outstanding(reply.timestamp());
    Result known = operation == null ? null : operation.tally.result(reply.resultDigest());
    return checked.agrees(reply.result(), reply.resultDigest(), known);
  }

  static boolean isForgotten(Reply reply) {
    return reply.resultDigest().equals(FORGOTTEN);
  }

  /** More than f+1 answer; those who come late are still told from those who lie. */
  void late(int sender, Reply reply) {
    Digest accepted = session.accepted(reply.timestamp());
    if (accepted != null && !reply.isTentative() && isWrong(reply.resultDigest(), accepted)) {
      out.refuse(Reason.WRONG_REPLY, MessageType.REPLY, sender);
    }
  }

  /** Names those who voted for another result than the one accepted. */
  void contradictions(Operation operation, Result accepted) {
    for (int replica = 0; replica < config.protocol().n(); replica++) {
      Digest vote = operation.tally.vote(replica);
      if (vote != null
          && !operation.tally.isTentative(replica)
          && isWrong(vote, accepted.digest())) {
        out.refuse(Reason.WRONG_REPLY, MessageType.REPLY, replica);
      }
    }
  }

  /** Of correct replicas one may have forgotten what another still keeps. */
  private static boolean isWrong(Digest vote, Digest accepted) {
    return !vote.equals(accepted)
        && !vote.equals(FORGOTTEN)
        && !vote.equals(EXPIRED)
        && !accepted.equals(FORGOTTEN);
  }
}
