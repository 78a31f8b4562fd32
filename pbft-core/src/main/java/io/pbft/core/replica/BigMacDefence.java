package io.pbft.core.replica;

import io.pbft.core.TimerKind;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.normal.Ordering;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.viewchange.ViewChanger;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a faulty client can do with a MAC vector that is right for the primary and wrong for backups
 * (Aardvark, NSDI 2009, section 4.1), and what is done about it.
 *
 * <p>A backup that cannot check a proposed request waits for {@code f+1} others to vouch for it.
 * When they do not, the slot can neither prepare nor be dropped within the view. Nobody can tell
 * whether client or primary made the bad entry, so the backups ask for view {@code v + n}: the slot
 * is resolved by a view change, and the primary stays the same. From then on the client must sign
 * its requests, so that it (and a primary that blames it falsely) can do this once. A primary that
 * stalls by other means answers to the request timer, which always asks for {@code v + 1}.
 */
final class BigMacDefence {
  /**
   * The wait for vouchers, as a part of the request timeout: it must end before the primary is
   * blamed.
   */
  private static final int TIMEOUT_PART = 4;

  private final Context context;
  private final Ordering ordering;
  private final ViewChanger viewChanger;
  private final RequestPool pool;
  private final TreeSet<Integer> mustSign = new TreeSet<>();
  private final TreeSet<Integer> awaited = new TreeSet<>();

  BigMacDefence(Context context, Ordering ordering, ViewChanger viewChanger, RequestPool pool) {
    this.context = context;
    this.ordering = ordering;
    this.viewChanger = viewChanger;
    this.pool = pool;
  }

  /** Whether the client has lost the right to MAC this request. */
  boolean refuses(AuthenticatedRequest request) {
    return !request.isSigned() && mustSign.contains(request.request().client());
  }

  /** A proposal waits for vouchers. */
  void onUnverifiable(Set<Integer> clients) {
    awaited.addAll(clients);
    if (!context.isArmed(TimerKind.VOUCH)) {
      context.arm(TimerKind.VOUCH, context.config().requestTimeoutMillis() / TIMEOUT_PART);
    }
  }

  /**
   * Nobody vouched in time: resolve the slot without deposing the primary, once for each client.
   *
   * @param isBehind others have a later checkpoint: it is this replica that has not heard, and
   *     leaving the view alone would keep it from voting
   */
  void onTimeout(boolean isBehind) {
    if (isBehind) {
      context.arm(TimerKind.VOUCH, context.config().requestTimeoutMillis() / TIMEOUT_PART);
      return;
    }
    boolean firstTime = !mustSign.containsAll(awaited);
    if (context.active() && ordering.awaitsVouchers() && firstTime) {
      viewChanger.start(
          context.view() + context.quorums().n(),
          "requests of clients " + awaited + " can't be checked");
    }
    awaited.clear();
  }

  /**
   * Before leaving a view for another with the same primary: the clients behind it must sign from
   * now on.
   */
  void onLeaving(long nextView) {
    context.cancel(TimerKind.VOUCH);
    boolean samePrimary =
        nextView > context.view() && (nextView - context.view()) % context.quorums().n() == 0;
    if (samePrimary && context.keeps(Defences.Rule.MUST_SIGN)) {
      mustSign.addAll(awaited);
      mustSign.addAll(ordering.clientsOfUnprepared());
      mustSign.forEach(pool::dropUnsigned);
    }
  }
}
