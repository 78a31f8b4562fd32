package io.pbft.core.normal;

import io.pbft.core.runtime.Context;
import java.util.Set;
import java.util.TreeSet;

/**
 * Proposals with requests that this replica can't check: {@code f+1} others have to vouch for them,
 * within a part of the request timeout, which must end before the primary is blamed.
 */
public final class Vouching {
  private static final int PATIENCE_PART = 4;

  private final Context context;
  private final MessageLog log;

  public Vouching(Context context, MessageLog log) {
    this.context = context;
    this.log = log;
  }

  /** Whether a proposal of the current view waits for vouchers. */
  public boolean isAwaited() {
    return firstUnvouchedAt() != Long.MAX_VALUE;
  }

  /**
   * Whether a proposal of the current view has waited for vouchers for as long as they may take.
   */
  public boolean isOverdue() {
    return context.now() - patienceMillis() >= firstUnvouchedAt();
  }

  /**
   * Clients whose MAC'd requests are in proposals that stall: not prepared in the current view for
   * half as long as vouchers may take. Half, since replicas don't accept a proposal at one time;
   * and what is younger is on its way, as always under load.
   */
  public Set<Integer> clientsOfStalled() {
    long latest = context.now() - patienceMillis() / 2;
    Set<Integer> clients = new TreeSet<>();
    log.forEach(
        slot -> {
          if (slot.hasAccepted(context.view())
              && !slot.isPrepared()
              && slot.acceptedAt() <= latest
              && slot.acceptedBody() != null) {
            slot.acceptedBody().requests().stream()
                .filter(request -> !request.isSigned())
                .forEach(request -> clients.add(request.request().client()));
          }
        });
    return clients;
  }

  private long patienceMillis() {
    return context.config().requestTimeoutMillis() / PATIENCE_PART;
  }

  private long firstUnvouchedAt() {
    long[] first = {Long.MAX_VALUE};
    log.forEach(
        slot -> {
          if (!log.isCovered(slot.sequence()) && slot.awaitsVouchers(context.view())) {
            first[0] = Math.min(first[0], slot.acceptedAt());
          }
        });
    return first[0];
  }
}
