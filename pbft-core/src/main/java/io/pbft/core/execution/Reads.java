package io.pbft.core.execution;

import io.pbft.core.Effect;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import java.util.ArrayDeque;

/**
 * Unordered reads. A stale read is answered at once. A fast read is answered once everything that
 * had prepared here when it arrived has executed: a write that any client saw acknowledged was
 * prepared by {@code q-f} correct replicas before that, and every {@code q} matching answers
 * include one of them. So fast reads are linearizable beside writes that are accepted with {@code
 * f+1} replies (docs/protocol.md has the proof; Berger et al., SRDS 2021, the trap).
 */
public final class Reads {
  private static final int MAX_WAITING = 4096;
  private static final long MAX_WAITING_BYTES = 16L << 20;

  private record Waiting(ReadRequest read, long barrier) {}

  private final Context context;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;

  public Reads(Context context) {
    this.context = context;
  }

  /**
   * A read has come.
   *
   * @param highestPrepared the highest sequence number prepared here
   * @param tentative whether the state is not that after {@code lastExecuted}
   */
  public void onRead(ReadRequest read, long lastExecuted, long highestPrepared, boolean tentative) {
    boolean reached = lastExecuted >= highestPrepared || !context.keeps(Defences.Rule.READ_BARRIER);
    boolean may = !read.fast() || (context.voting() && reached);
    if (may && (!tentative || !context.keeps(Defences.Rule.READ_BARRIER))) {
      context.emit(new Effect.Query(read));
    } else if ((read.fast() && !context.voting())
        || (isFull(read) && context.refuses(Reason.CLIENT_THROTTLED))) {
      context.refuse(Reason.CLIENT_THROTTLED, MessageType.READ_REQUEST, -1);
    } else {
      waiting.add(new Waiting(read, read.fast() ? highestPrepared : lastExecuted));
      waitingBytes += read.operation().length;
    }
  }

  /** Whether a read waits for what is under way. */
  public boolean isWaiting() {
    return !waiting.isEmpty();
  }

  private boolean isFull(ReadRequest read) {
    return waiting.size() >= MAX_WAITING
        || waitingBytes + read.operation().length > MAX_WAITING_BYTES;
  }

  /** Answers the reads whose barrier has executed; barriers are in order of arrival. */
  public void onProgress(long lastExecuted) {
    while (!waiting.isEmpty() && waiting.peek().barrier() <= lastExecuted) {
      ReadRequest read = waiting.remove().read();
      waitingBytes -= read.operation().length;
      context.emit(new Effect.Query(read));
    }
  }

  /**
   * A new view may have chosen nothing for what had prepared: such reads fall back to ordered ones.
   */
  public void onNewView() {
    waiting.clear();
    waitingBytes = 0;
  }
}
