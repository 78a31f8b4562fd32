package io.pbft.core.execution;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.runtime.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Executes decided batches strictly in sequence order (OSDI'99, section 4.2), one batch at a time,
 * and answers the clients.
 */
public final class Execution {
  /**
   * Results up to this many bytes are sent in full by every replica: a digest would save nothing.
   */
  private static final int SMALL_RESULT_BYTES = 64;

  private static final byte[] NOTHING = new byte[0];

  /** Told of each batch whose execution has finished. */
  public interface Listener {
    void onBatchExecuted(long sequence, Batch batch);
  }

  private final Context context;
  private final LongFunction<Batch> decided;
  private final ClientTable table;
  private final Listener listener;
  private long lastExecuted;
  private Batch executing;
  private List<Request> admitted = List.of();
  private boolean suspended;

  /**
   * @param decided the batch that executes at a sequence number, or null while it is undecided or
   *     its body is missing
   */
  public Execution(
      Context context, LongFunction<Batch> decided, ClientTable table, Listener listener) {
    this.context = context;
    this.decided = decided;
    this.table = table;
    this.listener = listener;
  }

  /** The last sequence number whose batch has been executed. */
  public long lastExecuted() {
    return lastExecuted;
  }

  public boolean isExecuting() {
    return executing != null;
  }

  /** Stops taking up batches, while a fetched state is being installed. */
  public void suspend() {
    suspended = true;
  }

  /** Continues after a fetched state. */
  public void resumeAt(long sequence) {
    lastExecuted = sequence;
    suspended = false;
  }

  /** Takes up the next batch if it is decided, its body is here and none is being executed. */
  public void tryExecute() {
    while (executing == null && !suspended) {
      Batch batch = decided.apply(lastExecuted + 1);
      if (batch == null) {
        return;
      }
      execute(lastExecuted + 1, batch);
    }
  }

  private void execute(long sequence, Batch batch) {
    table.advanceTime(batch.time());
    admitted = new ArrayList<>(batch.requests().size());
    for (AuthenticatedRequest request : batch.requests()) {
      if (table.admit(request.request(), sequence)) {
        admitted.add(request.request());
      }
    }
    context.observe(new Observation.Executing(sequence, batch.digest(), admitted.size()));
    executing = batch;
    if (admitted.isEmpty()) {
      finish(sequence);
    } else {
      context.emit(new Effect.Execute(sequence, table.lastTime(), List.copyOf(admitted)));
    }
  }

  /** The driver has executed the batch taken up last. */
  public void onExecuted(long sequence, List<Result> results) {
    if (executing == null || sequence != lastExecuted + 1 || results.size() != admitted.size()) {
      throw new IllegalStateException("results of " + sequence + " were not asked for");
    }
    for (int i = 0; i < results.size(); i++) {
      table.record(admitted.get(i), results.get(i));
      reply(admitted.get(i), results.get(i), false);
    }
    finish(sequence);
  }

  private void finish(long sequence) {
    Batch batch = executing;
    executing = null;
    admitted = List.of();
    lastExecuted = sequence;
    listener.onBatchExecuted(sequence, batch);
  }

  /**
   * Answers a retransmitted request that has been executed; says so when its cached reply is gone.
   */
  public void resendReply(Request request, boolean full) {
    Result result = table.result(request);
    if (result != null) {
      reply(request, result, full);
    } else if (!isBeingExecuted(request)) {
      reply(request, new Result(Result.Outcome.FORGOTTEN, NOTHING), full);
    }
  }

  private boolean isBeingExecuted(Request request) {
    return admitted.stream()
        .anyMatch(
            r ->
                r.client() == request.client()
                    && r.session() == request.session()
                    && r.timestamp() == request.timestamp());
  }

  /** Tells a client that its session was evicted. */
  public void replyExpired(Request request) {
    reply(request, new Result(Result.Outcome.SESSION_EXPIRED, NOTHING), true);
  }

  private void reply(Request request, Result result, boolean full) {
    boolean whole =
        full || result.bytes().length <= SMALL_RESULT_BYTES || designated(request) == context.id();
    context.emit(
        new Effect.Answer(
            request.client(),
            request.session(),
            new Reply(
                context.view(),
                request.client(),
                request.session(),
                request.timestamp(),
                result.digest(),
                whole ? result : null,
                context.id())));
  }

  /** The replica that sends the full result (OSDI'99, section 5.1). */
  private int designated(Request request) {
    return (int) ((request.client() + request.timestamp()) % context.quorums().n());
  }
}
