package io.pbft.core.execution;

import io.pbft.core.Effect;
import io.pbft.core.message.Batch;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import java.util.ArrayDeque;
import java.util.TreeMap;

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
  private final TreeMap<Integer, Share> shares = new TreeMap<>();
  private final ReadShare readShare = new ReadShare();
  private long waitingBytes;

  /** What waits of one client's. */
  private static final class Share {
    private int reads;
    private long bytes;
  }

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
    boolean may = !read.fast() || reached;
    if (read.fast() && !context.voting()) {
      refuse(read);
    } else if (!readShare.takes(read.client(), read.operation().length, context.now())
        && context.refuses(Reason.CLIENT_THROTTLED)) {
      refuse(read);
    } else if (may && (!tentative || !context.keeps(Defences.Rule.READ_BARRIER))) {
      context.emit(new Effect.Query(read));
    } else if (isFull(read) && context.refuses(Reason.CLIENT_THROTTLED)) {
      refuse(read);
    } else {
      waiting.add(new Waiting(read, read.fast() ? highestPrepared : lastExecuted));
      waitingBytes += read.operation().length;
      Share share = shares.computeIfAbsent(read.client(), client -> new Share());
      share.reads++;
      share.bytes += read.operation().length;
    }
  }

  private void refuse(ReadRequest read) {
    context.refuse(Reason.CLIENT_THROTTLED, MessageType.READ_REQUEST, -1);
    answerWithoutResult(read);
  }

  private void answerWithoutResult(ReadRequest read) {
    ReadReply refusal = ReadReply.refusal(read, context.id());
    context.emit(new Effect.Answer(read.client(), read.session(), refusal));
  }

  /** A batch has been executed: what long reads are measured by. */
  public void onExecuted(Batch batch) {
    readShare.onExecuted(batch, context.now());
  }

  /** Whether a read waits for what is under way. */
  public boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Whoever has less than an equal share of the room finds some all the same, up to twice of it.
   */
  private boolean isFull(ReadRequest read) {
    int size = read.operation().length;
    if (!isBeyond(1, size)) {
      return false;
    }
    Share share = shares.get(read.client());
    int clients = shares.size() + (share == null ? 1 : 0);
    int reads = share == null ? 0 : share.reads;
    long bytes = share == null ? 0 : share.bytes;
    return isBeyond(2, size)
        || reads >= MAX_WAITING / clients
        || bytes + size > MAX_WAITING_BYTES / clients;
  }

  private boolean isBeyond(int times, int size) {
    return waiting.size() >= times * MAX_WAITING || waitingBytes + size > times * MAX_WAITING_BYTES;
  }

  private void giveBack(ReadRequest read) {
    waitingBytes -= read.operation().length;
    Share share = shares.get(read.client());
    share.reads--;
    share.bytes -= read.operation().length;
    if (share.reads == 0) {
      shares.remove(read.client());
    }
  }

  /** Answers the reads whose barrier has executed; barriers are in order of arrival. */
  public void onProgress(long lastExecuted) {
    while (!waiting.isEmpty() && waiting.peek().barrier() <= lastExecuted) {
      ReadRequest read = waiting.remove().read();
      giveBack(read);
      context.emit(new Effect.Query(read));
    }
  }

  /**
   * A new view may have chosen nothing for what had prepared, so that what waits for it might wait
   * for ever: its clients are told, and order their reads.
   */
  public void onNewView() {
    waiting.forEach(each -> answerWithoutResult(each.read()));
    waiting.clear();
    shares.clear();
    waitingBytes = 0;
  }
}
