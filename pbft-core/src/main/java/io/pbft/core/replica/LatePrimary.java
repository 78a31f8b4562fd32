package io.pbft.core.replica;

import io.pbft.core.TimerKind;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Complaint;
import io.pbft.core.normal.PrimaryWatch;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.transfer.StatusExchange;
import io.pbft.core.viewchange.ViewChanger;
import java.util.function.Consumer;

/**
 * A backup's watch over the primary: the oldest request may not wait for longer than the request
 * timeout from its turn on ({@link RequestPool#oldestSince}), and not all of them for a little less
 * ({@link PrimaryWatch}).
 *
 * <p>What this replica waits for in vain may be its own fault: one that gets less processor time
 * than it needs sees everything late. So it says that the primary is late, in a STATUS at once and
 * then on every tick, and goes on voting; {@code f+1} that say so leave together. Where a primary
 * is at fault the correct backups, {@code 2f+1} or more, have all waited for as long.
 */
final class LatePrimary {
  /** Requests reminded of at once. */
  private static final int MAX_FORWARDED = 256;

  /** The same in bytes of operations, but one always. */
  private static final long MAX_FORWARDED_BYTES = 1 << 20;

  /** Reminders are at least this part of the request timeout apart. */
  private static final int PAUSE_PARTS = 8;

  private static final long NEVER = -1;

  private final Context context;
  private final ViewChanger viewChanger;
  private final RequestPool pool;
  private final PrimaryWatch watch;
  private final StatusExchange exchange;
  private final Runnable say;
  private boolean expired;
  private long saidInView = NEVER;

  /**
   * @param say broadcasts this replica's STATUS, which asks {@link #complains}
   */
  LatePrimary(
      Context context,
      ViewChanger viewChanger,
      RequestPool pool,
      PrimaryWatch watch,
      StatusExchange exchange,
      Runnable say) {
    this.context = context;
    this.viewChanger = viewChanger;
    this.pool = pool;
    this.watch = watch;
    this.exchange = exchange;
    this.say = say;
  }

  private boolean watches() {
    return context.active() && context.voting() && !context.isPrimary();
  }

  /**
   * Watches the oldest request that the primary answers for, whether it came from its client or in
   * a proposal; a primary does not watch itself.
   */
  void watchOldest() {
    if (watches() && !context.isArmed(TimerKind.REQUEST) && pool.oldest() != null) {
      long deadline = pool.oldestSince() + viewChanger.requestTimeoutMillis() / 2;
      context.arm(TimerKind.REQUEST, deadline - context.now());
    }
  }

  /** At half of the timeout requests are forwarded once more; at the end the primary is late. */
  void onTimer(Consumer<AuthenticatedRequest> forward) {
    if (pool.oldest() == null || !context.active() || context.isPrimary()) {
      return;
    }
    long timeout = viewChanger.requestTimeoutMillis();
    long half = pool.oldestSince() + timeout / 2;
    if (context.now() < half) {
      expired = false;
      context.arm(TimerKind.REQUEST, half - context.now());
      return;
    }
    long deadline = pool.oldestSince() + timeout;
    expired = context.now() >= deadline;
    if (expired) {
      say.run();
      considerLeaving();
      deadline = context.now() + timeout / 2;
    }
    if (context.active()) {
      long next = remind(context.now() - timeout / 2, forward);
      long reminder = Math.max(next + timeout / 2, context.now() + timeout / PAUSE_PARTS);
      context.arm(TimerKind.REQUEST, Math.min(deadline, reminder) - context.now());
    }
  }

  /** Returns since when the first waits that has not been forwarded now. */
  private long remind(long waitingSince, Consumer<AuthenticatedRequest> forward) {
    if (expired) {
      forward.accept(pool.oldest());
    }
    return pool.remind(waitingSince, MAX_FORWARDED, MAX_FORWARDED_BYTES, forward);
  }

  /** After each message: what it has shown, of the primary or of the others. */
  void onDelivered() {
    if (saidInView != context.view() && isSlow()) {
      say.run();
    }
    considerLeaving();
  }

  private boolean isSlow() {
    return watches() && context.keeps(Defences.Rule.SLOW_PRIMARY) && watch.isTooSlow();
  }

  private boolean isOverdue() {
    return expired
        && watches()
        && pool.oldest() != null
        && context.now() - pool.oldestSince() >= viewChanger.requestTimeoutMillis();
  }

  /** What this replica's STATUS says; it stands until the next one. */
  boolean complains() {
    boolean late = isSlow() || isOverdue();
    saidInView = late ? context.view() : NEVER;
    return late;
  }

  /**
   * Also when the reason has gone since this replica has said so: others may have left on its word.
   */
  void considerLeaving() {
    if (saidInView == context.view()
        && context.active()
        && exchange.isShared(Complaint.PRIMARY_LATE)) {
      viewChanger.start(context.view() + 1, cause());
    }
  }

  private String cause() {
    if (!isOverdue()) {
      return "the primary is slow, though not silent";
    }
    long waited = context.now() - pool.oldestSince();
    return "request " + pool.oldest().request() + " waited " + waited + " ms for the primary";
  }
}
