package io.pbft.core.normal;

import io.pbft.core.codec.Limits;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.runtime.Context;

/**
 * A backup's measure of a primary that stays below every timeout (after Aardvark, NSDI'09, section
 * 5.2, with what a backup sees itself in place of a demand that rises).
 *
 * <p>A request that this replica has from its client must be proposed, with everything before it,
 * within the <em>patience</em>: an eighth of the request timeout, and the time that the other
 * replicas take to commit a proposal, doubled and divided by the performance floor. What exceeds it
 * is the primary's <em>debt</em>, in milliseconds; time in which the pipeline was well filled, and
 * not with batches that left most of what waits behind, does not count: load is nobody's fault. Nor
 * does the time that what is proposed meanwhile takes to get here, a second for 16 MiB. A tenth of
 * the time that passes is forgiven. Above twice the request timeout the primary is too slow.
 *
 * <p>So a primary can hold up a service by at most twice the request timeout, and by a tenth of the
 * time beyond, above what the patience allows; also one that is good only now and then.
 */
public final class PrimaryWatch {
  private static final int PATIENCE_PARTS = 8;
  private static final int FORGIVEN_PARTS = 10;
  private static final int DEBT_TIMEOUTS = 2;
  private static final int THIN_PARTS = 4;
  private static final double SMOOTHING = 0.1;

  private final Context context;
  private final MessageLog log;
  private final RequestPool pool;
  private long complete;
  private long blamelessUntil;
  private boolean thin;
  private double commitMillis;
  private double debt;
  private long debtAt;

  public PrimaryWatch(Context context, MessageLog log, RequestPool pool) {
    this.context = context;
    this.log = log;
    this.pool = pool;
  }

  /** A new primary owes nothing, and answers for what it proposes after the view's choices. */
  public void onViewEntered(long lastChosen) {
    complete = lastChosen;
    blamelessUntil = context.now();
    thin = false;
    debt = 0;
    debtAt = context.now();
  }

  /** A fetched state makes the proposals up to it superfluous. */
  public void skipTo(long sequence) {
    complete = Math.max(complete, sequence);
    blamelessUntil = context.now();
  }

  /** A proposal of the current view has been accepted here, perhaps not yet those before it. */
  public void onAccepted(long lastExecuted) {
    Slot next = log.find(complete + 1);
    while (next != null && next.hasAccepted(context.view())) {
      complete++;
      charge(next);
      next = log.find(complete + 1);
    }
    excuse(lastExecuted);
  }

  private void charge(Slot slot) {
    Batch batch = slot.acceptedBody();
    if (batch == null || context.config().performanceFloor() == 0) {
      return;
    }
    long since = Long.MAX_VALUE;
    for (AuthenticatedRequest request : batch.requests()) {
      since = Math.min(since, pool.waitsSince(request.request()));
    }
    if (since != Long.MAX_VALUE) {
      double late = context.now() - Math.max(since, blamelessUntil) - patienceMillis();
      debt = Math.max(0, debt - (context.now() - debtAt) / (double) FORGIVEN_PARTS);
      debt += Math.max(0, late);
      debtAt = context.now();
    }
    thin =
        !batch.isNull()
            && !isFull(batch)
            && pool.timedCount() > THIN_PARTS * batch.requests().size();
  }

  private boolean isFull(Batch batch) {
    long bytes = batch.requests().stream().mapToLong(r -> r.request().operation().length).sum();
    Limits limits = context.config().limits();
    return batch.requests().size() >= limits.batchRequests()
        || THIN_PARTS * bytes >= limits.batchBytes();
  }

  /** A batch has been executed; {@code lastExecuted} is its sequence number. */
  public void onExecuted(long lastExecuted) {
    complete = Math.max(complete, lastExecuted);
    excuse(lastExecuted - 1);
  }

  /** A checkpoint is stable, and the log about to move on: until now it may have held it up. */
  public void onWindowMoves(long lastExecuted) {
    excuse(lastExecuted);
  }

  /** The primary may have had no room to propose more, in the pipeline or in its log. */
  private void excuse(long executedBefore) {
    boolean filled = 2 * (complete - executedBefore) >= context.config().pipeline();
    boolean awaitsCheckpoint =
        complete > log.low() && complete % context.config().checkpointInterval() == 0;
    if ((filled && !thin) || awaitsCheckpoint || complete >= log.high()) {
      blamelessUntil = context.now();
    }
  }

  /**
   * From its acceptance to its commitment a proposal took so long: nothing the primary can slow.
   */
  public void onCommitted(long millis) {
    commitMillis += SMOOTHING * (millis - commitMillis);
  }

  private double patienceMillis() {
    double floor = context.config().performanceFloor();
    return context.config().requestTimeoutMillis() / (double) PATIENCE_PARTS
        + 2 * commitMillis / floor;
  }

  /** Whether the primary has used up what this replica bears with. */
  public boolean isTooSlow() {
    return debt > DEBT_TIMEOUTS * context.config().requestTimeoutMillis();
  }
}
