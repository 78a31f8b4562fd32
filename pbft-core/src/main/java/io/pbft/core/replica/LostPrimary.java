package io.pbft.core.replica;

import io.pbft.core.message.Complaint;
import io.pbft.core.normal.RequestPool;
import io.pbft.core.runtime.Context;
import io.pbft.core.runtime.Defences;
import io.pbft.core.transfer.StatusExchange;
import io.pbft.core.viewchange.ViewChanger;
import java.util.Arrays;

/**
 * A primary whose process has died closes its links long before the request timer finds out. When
 * requests wait and {@code f+1} replicas have lost the link for more than a moment, they leave the
 * view. A hint, no more: a primary that keeps its links and says nothing meets the request timer.
 */
final class LostPrimary {
  /** How long a link may be away, as a part of the request timeout: connections do break. */
  private static final int TIMEOUT_PART = 8;

  private static final long UP = Long.MAX_VALUE;

  private final Context context;
  private final ViewChanger viewChanger;
  private final RequestPool pool;
  private final StatusExchange exchange;
  private final long[] lostSince;

  LostPrimary(Context context, ViewChanger viewChanger, RequestPool pool, StatusExchange exchange) {
    this.context = context;
    this.viewChanger = viewChanger;
    this.pool = pool;
    this.exchange = exchange;
    this.lostSince = new long[context.quorums().n()];
    // What has never been there is not lost: it may be about to start.
    Arrays.fill(lostSince, UP);
  }

  void onLinkChanged(int replica, boolean up) {
    lostSince[replica] = up ? UP : context.now();
  }

  boolean complains() {
    long since = lostSince[context.primary()];
    return since != UP
        && context.active()
        && context.now() - since >= context.config().requestTimeoutMillis() / TIMEOUT_PART
        && pool.oldest() != null
        && context.keeps(Defences.Rule.LOST_PRIMARY);
  }

  void considerLeaving() {
    if (lostSince[context.primary()] != UP
        && exchange.isShared(Complaint.PRIMARY_LOST)
        && complains()) {
      viewChanger.start(context.view() + 1, "f+1 have lost the link with the primary");
    }
  }
}
