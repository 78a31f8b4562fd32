package io.pbft.core.execution;

import io.pbft.core.codec.Reader;
import io.pbft.core.codec.Refusal;
import io.pbft.core.codec.Writer;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import java.util.Map;
import java.util.TreeMap;

/**
 * One client session in the replicated state: how far it has executed, and the replies it may ask
 * for again.
 */
final class SessionRecord {
  private final TreeMap<Long, Result> replies = new TreeMap<>();
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

  void advance(long timestamp, long acknowledged, long sequence) {
    last = timestamp;
    lastSequence = sequence;
    while (!replies.isEmpty() && replies.firstKey() < acknowledged) {
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
    replyBytes -= replies.pollFirstEntry().getValue().bytes().length;
  }

  /** The cached reply, or null. */
  Result reply(long timestamp) {
    return replies.get(timestamp);
  }

  void write(Writer w) {
    w.int64(last).int64(lastSequence).int32(replies.size());
    for (Map.Entry<Long, Result> entry : replies.entrySet()) {
      Result result = entry.getValue();
      w.int64(entry.getKey()).u8(result.outcome().code()).sized(result.bytes());
    }
  }

  static SessionRecord read(Reader r) throws Refusal {
    SessionRecord session = new SessionRecord();
    session.last = r.number();
    session.lastSequence = r.number();
    int replies = r.count();
    for (int i = 0; i < replies; i++) {
      long timestamp = r.number();
      Result.Outcome outcome = Result.Outcome.ofCode(r.u8());
      if (outcome == null) {
        throw new Refusal(Reason.MALFORMED);
      }
      Result result = new Result(outcome, r.sized(Integer.MAX_VALUE));
      session.replies.put(timestamp, result);
      session.replyBytes += result.bytes().length;
    }
    return session;
  }
}
