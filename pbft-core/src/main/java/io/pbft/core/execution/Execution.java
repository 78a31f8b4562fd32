package io.pbft.core.execution;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Executes decided batches strictly in sequence order (OSDI'99, section 4.2), one batch at a time,
 * and answers the clients.
 *
 * <p>One batch beyond those may be executed tentatively, when it has prepared (section 5.1). The
 * state machine is ahead of everything else then: the client table and {@link #lastExecuted} know
 * of it when it is decided. If something else is decided in its place, or may be, the machine must
 * go back to an earlier state.
 */
public final class Execution {
  /**
   * Results up to this many bytes are sent in full by every replica: a digest would save nothing.
   */
  private static final int SMALL_RESULT_BYTES = 64;

  private static final byte[] NOTHING = new byte[0];

  /** Told of what the state machine has done. */
  public interface Listener {
    /** A decided batch has been executed; the state is that after it. */
    void onBatchExecuted(long sequence, Batch batch);

    /** A batch that has only prepared has been executed. */
    void onTentativelyExecuted();

    /** Whether its client has said, with the next of its session, that it has the answer. */
    boolean isAcknowledged(Request request);

    /**
     * What was executed tentatively must be undone: nothing executes until {@link #resumeAt}, after
     * an earlier state has been installed.
     */
    void onUndone(long sequence);
  }

  /** A batch that the state machine has been given. */
  private static final class Run {
    private final long sequence;
    private final Batch batch;
    private final List<Request> admitted;

    /** The view in which it had prepared, or {@link #DECIDED}. */
    private final long preparedIn;

    /** Null until the state machine is done. */
    private List<Result> results;

    Run(long sequence, Batch batch, List<Request> admitted, long preparedIn) {
      this.sequence = sequence;
      this.batch = batch;
      this.admitted = admitted;
      this.preparedIn = preparedIn;
    }

    boolean isTentative() {
      return preparedIn != DECIDED;
    }
  }

  private static final long DECIDED = -1;

  private final Context context;
  private final LongFunction<Batch> decided;
  private final ClientTable table;
  private final Listener listener;
  private long lastExecuted;
  private Run current;
  private boolean suspended;
  private boolean undone;

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

  /** The last sequence number whose batch was decided and has been executed. */
  public long lastExecuted() {
    return lastExecuted;
  }

  /** {@link #lastExecuted}, or the one after it while its batch stands executed tentatively. */
  public long lastHandled() {
    boolean stands = isTentative() && current.results != null && !undone;
    return stands ? current.sequence : lastExecuted;
  }

  /** Whether the state machine is at work. */
  public boolean isExecuting() {
    return current != null && current.results == null;
  }

  /** Whether the state machine's state is not that after {@link #lastExecuted}. */
  public boolean isTentative() {
    return current != null && current.isTentative();
  }

  /** Whether it waits for an earlier state. */
  public boolean isUndone() {
    return undone;
  }

  /** Stops taking up batches, while a fetched state is being installed. */
  public void suspend() {
    suspended = true;
  }

  /** Continues after a fetched state. */
  public void resumeAt(long sequence) {
    lastExecuted = sequence;
    current = null;
    suspended = false;
    undone = false;
  }

  /** Takes up the next batch if it is decided, its body is here and none is being executed. */
  public void tryExecute() {
    while (!isExecuting() && !suspended && !undone) {
      Batch batch = decided.apply(lastExecuted + 1);
      if (batch == null) {
        return;
      }
      if (current == null) {
        execute(lastExecuted + 1, batch);
      } else if (current.batch.digest().equals(batch.digest())) {
        admit(current.sequence, current.batch);
        finish();
      } else {
        undo();
      }
    }
  }

  private void execute(long sequence, Batch batch) {
    List<Request> admitted = admit(sequence, batch);
    current = new Run(sequence, batch, admitted, DECIDED);
    if (admitted.isEmpty()) {
      current.results = List.of();
      finish();
    } else {
      context.emit(new Effect.Execute(sequence, table.lastTime(), List.copyOf(admitted)));
    }
  }

  private List<Request> admit(long sequence, Batch batch) {
    table.advanceTime(batch.time());
    List<Request> admitted = new ArrayList<>(batch.requests().size());
    for (AuthenticatedRequest request : batch.requests()) {
      if (table.admit(request.request(), sequence)) {
        admitted.add(request.request());
      }
    }
    context.observe(new Observation.Executing(sequence, batch.digest(), admitted.size()));
    return admitted;
  }

  /**
   * Executes the next batch, which has prepared in the current view, if all before it are decided
   * and executed, and if all of its requests are certain to be admitted when it is decided.
   *
   * @return whether it does
   */
  public boolean executeTentatively(long sequence, Batch batch) {
    boolean isNext = current == null && !suspended && !undone && sequence == lastExecuted + 1;
    if (!isNext || batch.requests().isEmpty() || !table.admitsAll(batch)) {
      return false;
    }
    List<Request> requests = batch.requests().stream().map(AuthenticatedRequest::request).toList();
    current = new Run(sequence, batch, requests, context.view());
    context.observe(new Observation.TentativelyExecuting(context.view(), sequence, batch.digest()));
    long time = Math.max(table.lastTime(), batch.time());
    context.emit(new Effect.Execute(sequence, time, requests));
    return true;
  }

  /**
   * A view has been entered: what has been executed tentatively stays if the view begins with it,
   * else it may never be decided.
   *
   * @param chosen the digest that the view's new-view chose for a sequence number, or null
   */
  public void onViewEntered(LongFunction<Digest> chosen) {
    if (isTentative()
        && !undone
        && !current.batch.digest().equals(chosen.apply(current.sequence))) {
      undo();
    }
  }

  private void undo() {
    if (!context.keeps(Defences.Rule.UNDO)) {
      current = null;
      return;
    }
    undone = true;
    listener.onUndone(current.sequence);
  }

  /** The driver has executed the batch taken up last. */
  public void onExecuted(long sequence, List<Result> results) {
    if (!isExecuting()
        || sequence != current.sequence
        || results.size() != current.admitted.size()) {
      throw new IllegalStateException("results of " + sequence + " were not asked for");
    }
    current.results = results;
    if (!current.isTentative()) {
      finish();
    } else if (!undone) {
      for (int i = 0; i < results.size(); i++) {
        reply(current.admitted.get(i), results.get(i), false, current);
      }
      listener.onTentativelyExecuted();
    }
  }

  private void finish() {
    Run done = current;
    for (int i = 0; i < done.results.size(); i++) {
      Request request = done.admitted.get(i);
      table.record(request, done.results.get(i));
      if (!done.isTentative() || !listener.isAcknowledged(request)) {
        reply(request, done.results.get(i), false, null);
      }
    }
    current = null;
    lastExecuted = done.sequence;
    listener.onBatchExecuted(done.sequence, done.batch);
  }

  /**
   * Answers a retransmitted request that has been executed; says so when its cached reply is gone.
   */
  public void resendReply(Request request, boolean full) {
    Result result = table.result(request);
    if (result != null) {
      reply(request, result, full, null);
    } else if (!isBeingExecuted(request)) {
      reply(request, new Result(Result.Outcome.FORGOTTEN, NOTHING), full, null);
    }
  }

  private boolean isBeingExecuted(Request request) {
    return current != null
        && current.admitted.stream()
            .anyMatch(
                r ->
                    r.client() == request.client()
                        && r.session() == request.session()
                        && r.timestamp() == request.timestamp());
  }

  /** Tells a client that its session was evicted. */
  public void replyExpired(Request request) {
    reply(request, new Result(Result.Outcome.SESSION_EXPIRED, NOTHING), true, null);
  }

  private void reply(Request request, Result result, boolean full, Run tentative) {
    boolean whole =
        full || result.bytes().length <= SMALL_RESULT_BYTES || designated(request) == context.id();
    context.emit(
        new Effect.Answer(
            request.client(),
            request.session(),
            new Reply(
                tentative == null ? context.view() : tentative.preparedIn,
                request.client(),
                request.session(),
                request.timestamp(),
                result.digest(),
                whole ? result : null,
                tentative == null ? Reply.FINAL : tentative.sequence,
                context.id())));
  }

  /** The replica that sends the full result (OSDI'99, section 5.1). */
  private int designated(Request request) {
    return (int) ((request.client() + request.timestamp()) % context.quorums().n());
  }
}
