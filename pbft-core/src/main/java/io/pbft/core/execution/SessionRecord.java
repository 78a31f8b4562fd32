package io.pbft.core.execution;

import io.pbft.core.codec.Reader;
import io.pbft.core.codec.Refusal;
import io.pbft.core.codec.Writer;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import io.pbft.core.runtime.Ring;

/**
 * One client session in the replicated state: how far it has executed, and the replies it may ask
 * for again.
 */
final class SessionRecord {
  private final Ring<Result> replies = new Ring<>();
  private long last;
  private long lastSequence;
  private long replyBytes;

  /** The timestamp of the last request executed (or being executed). */
  long last() {
    return last;
  }

  /** The sequence number at which the session last executed. */
  long lastSequence() {
    return lastSequence;
  }

  /**
   * @param needed the least timestamp whose reply the client may still ask for
   */
  void advance(long timestamp, long needed, long sequence) {
    last = timestamp;
    lastSequence = sequence;
    while (!replies.isEmpty() && replies.firstKey() < needed) {
      dropOldest();
    }
  }

  void record(long timestamp, Result result, long maxBytes) {
    replies.put(timestamp, result);
    replyBytes += result.bytes().length;
    while (replyBytes > maxBytes && replies.size() > 1) {
      dropOldest();
    }
  }

  private void dropOldest() {
    replyBytes -= replies.pollFirst().bytes().length;
  }

  /** The cached reply, or null. */
  Result reply(long timestamp) {
    return replies.get(timestamp);
  }

  void write(Writer w) {
    w.int64(last).int64(lastSequence).int32(replies.size());
    replies.forEach(
        (timestamp, result) ->
            w.int64(timestamp).u8(result.outcome().code()).sized(result.bytes()));
  }

  static SessionRecord read(Reader r, int window) throws Refusal {
    SessionRecord session = new SessionRecord();
    session.last = r.number();
    session.lastSequence = r.number();
    int replies = r.count();
    long previous = Math.max(0, session.last - window);
    for (int i = 0; i < replies; i++) {
      long timestamp = r.number();
      boolean kept = timestamp > previous && timestamp <= session.last;
      previous = timestamp;
      Result.Outcome outcome = Result.Outcome.ofCode(r.u8());
      if (outcome == null || !kept) {
        throw new Refusal(Reason.MALFORMED);
      }
      Result result = new Result(outcome, r.sized(Integer.MAX_VALUE));
      session.replies.put(timestamp, result);
      session.replyBytes += result.bytes().length;
    }
    return session;
  }
}
