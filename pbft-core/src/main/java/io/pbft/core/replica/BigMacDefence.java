package io.pbft.core.replica;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Complaint;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.normal.Vouching;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.transfer.StatusExchange;
import io.pbft.core.viewchange.ViewChanger;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a faulty client can do with a MAC vector that is right for the primary and wrong for backups
 * (Aardvark, NSDI 2009, section 4.1), and what is done about it.
 *
 * <p>A backup that cannot check a proposed request waits for {@code f+1} others to vouch for it.
 * Where they do not, the slot can neither prepare nor be dropped within the view. Nobody can tell
 * whether client or primary made the bad entry, so the backups ask for view {@code v + n}: the slot
 * is resolved by a view change, and the primary stays the same. From then on the client must sign
 * its requests, so that it (and a primary that blames it falsely) can do this once. It is told so
 * with the next that it does not sign: it may be innocent, where backups had not yet learned the
 * key of its session. A primary that stalls by other means answers to the request timer, which
 * always asks for {@code v + 1}.
 *
 * <p>A backup does not leave on its own finding: the others may have vouched long ago, and their
 * votes been lost. Each says in its status that it has waited in vain, and {@code f+1} that have
 * leave together. Where a slot is stalled, that many correct ones have: of the {@code n-f} correct
 * replicas at most {@code f} vouch for it, else the rest would have followed them.
 */
final class BigMacDefence {
  private final Context context;
  private final Vouching vouching;
  private final ViewChanger viewChanger;
  private final RequestPool pool;
  private final StatusExchange exchange;
  private final TreeSet<Integer> mustSign = new TreeSet<>();
  private final TreeSet<Integer> awaited = new TreeSet<>();

  BigMacDefence(
      Context context,
      Vouching vouching,
      ViewChanger viewChanger,
      RequestPool pool,
      StatusExchange exchange) {
    this.context = context;
    this.vouching = vouching;
    this.viewChanger = viewChanger;
    this.pool = pool;
    this.exchange = exchange;
  }

  /** Whether the client has lost the right to MAC this request. */
  boolean refuses(AuthenticatedRequest request) {
    return !request.isSigned() && mustSign.contains(request.request().client());
  }

  /** A proposal waits for vouchers. */
  void onUnverifiable(Set<Integer> clients) {
    awaited.addAll(clients);
  }

  void onTick() {
    if (!vouching.isAwaited()) {
      awaited.clear();
    }
    considerLeaving();
  }

  /** Resolves a stalled slot without deposing the primary, once for each client. */
  void considerLeaving() {
    boolean stalled =
        !awaited.isEmpty()
            && context.active()
            && context.keeps(Defences.Rule.UNVOUCHED)
            && exchange.isShared(Complaint.UNVOUCHED)
            && vouching.isOverdue();
    if (stalled && !mustSign.containsAll(awaited)) {
      viewChanger.start(
          Complaint.UNVOUCHED.nextView(context.view(), context.quorums().n()),
          "requests of clients " + awaited + " can't be checked");
    }
  }

  /**
   * Before leaving a view for another with the same primary: the clients behind it must sign from
   * now on.
   */
  void onLeaving(long nextView) {
    boolean samePrimary =
        nextView > context.view() && (nextView - context.view()) % context.quorums().n() == 0;
    if (samePrimary && context.keeps(Defences.Rule.MUST_SIGN)) {
      mustSign.addAll(awaited);
      mustSign.addAll(vouching.clientsOfStalled());
      mustSign.forEach(pool::dropUnsigned);
    }
    awaited.clear();
  }
}
