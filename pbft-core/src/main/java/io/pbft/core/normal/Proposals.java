package io.pbft.core.normal;

import io.pbft.core.message.Batch;
import io.pbft.core.runtime.Context;
import java.util.function.BiConsumer;

/**
 * A primary's proposals: what it assigns to which sequence number, and when. As long as there are
 * requests enough ({@link Gathering}) and room in the pipeline, the window and the log, it proposes
 * another batch; an idle primary proposes a lone request at once.
 */
final class Proposals {
  private final Context context;
  private final MessageLog log;
  private final RequestPool pool;
  private final BiConsumer<Slot, Batch> send;
  private final Gathering gathering;
  private long lastAssigned;

  /**
   * @param send accepts a batch here and sends it to the others
   */
  Proposals(Context context, MessageLog log, RequestPool pool, BiConsumer<Slot, Batch> send) {
    this.context = context;
    this.log = log;
    this.pool = pool;
    this.send = send;
    this.gathering = new Gathering(context.config().limits().batchRequests());
  }

  /** The next is for the sequence number behind this one: a new view starts there. */
  void startBehind(long sequence) {
    lastAssigned = sequence;
  }

  /** Nothing is assigned any more at or below a sequence number. */
  void skipTo(long sequence) {
    lastAssigned = Math.max(lastAssigned, sequence);
  }

  /** Proposes what there is to propose, at the primary of an active view. */
  void propose(long lastExecuted) {
    while (pool.hasProposable()
        && lastAssigned - lastExecuted < context.config().pipeline()
        && log.inWindow(lastAssigned + 1)
        && gathering.suffices(pool.proposable(), requestsInFlight(lastExecuted), context.now())) {
      if (log.isFull()) {
        completeInterval();
        return;
      }
      Batch batch = new Batch(context.now(), pool.takeBatch());
      if (batch.requests().isEmpty()) {
        return;
      }
      assign(batch);
    }
  }

  /**
   * Null batches take no memory: with them the interval ends, and when its checkpoint is stable the
   * log has room again. What fills the log may also lie behind the interval, since an earlier view.
   */
  private void completeInterval() {
    while (log.inWindow(lastAssigned + 1) && !awaitsCheckpoint(lastAssigned)) {
      assign(Batch.NULL);
    }
  }

  private boolean awaitsCheckpoint(long sequence) {
    return sequence > log.low() && sequence % context.config().checkpointInterval() == 0;
  }

  private void assign(Batch batch) {
    lastAssigned++;
    send.accept(log.slot(lastAssigned), batch);
  }

  private long requestsInFlight(long lastExecuted) {
    long requests = 0;
    for (long sequence = lastExecuted + 1; sequence <= lastAssigned; sequence++) {
      Slot slot = log.find(sequence);
      Batch body = slot == null ? null : slot.acceptedBody();
      requests += body == null ? 0 : body.requests().size();
    }
    return requests;
  }
}
