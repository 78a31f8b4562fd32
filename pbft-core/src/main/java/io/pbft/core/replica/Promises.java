package io.pbft.core.replica;

import io.pbft.core.message.Complaint;
import io.pbft.core.message.Status;
import io.pbft.core.runtime.Context;
import io.pbft.core.viewchange.ViewChanger;
import java.util.Arrays;

/**
 * A complaint is a promise: {@code f+1} that have one leave together, but not at the same moment,
 * and whose complaint another has left on may have taken it back meanwhile. That one would stay
 * outside alone, for as long as the others' view lasts. So whoever has said that it would leave for
 * a view does so when another has left for it, and {@code f+1} have left for it or said so.
 *
 * <p>Traitors gain nothing: one that says at all times that it would leave is as much support for
 * the first correct replica that complains.
 */
final class Promises {
  private static final long NONE = -1;

  private final Context context;
  private final ViewChanger viewChanger;

  // For each replica the latest view that a complaint about the primary, and one about requests
  // that can't be checked, would lead to.
  private final long[] ofPrimary;
  private final long[] ofUnvouched;

  Promises(Context context, ViewChanger viewChanger) {
    this.context = context;
    this.viewChanger = viewChanger;
    this.ofPrimary = none();
    this.ofUnvouched = none();
  }

  private long[] none() {
    long[] views = new long[context.quorums().n()];
    Arrays.fill(views, NONE);
    return views;
  }

  /** This replica says this of its view, in a STATUS. */
  Complaint said(Complaint complaint) {
    note(context.id(), context.view(), complaint);
    return complaint;
  }

  /** Another's STATUS. */
  void onStatus(Status status) {
    note(status.replica(), status.view(), status.complaint());
  }

  private void note(int replica, long view, Complaint complaint) {
    long next = complaint.nextView(view, context.quorums().n());
    switch (complaint) {
      case UNVOUCHED -> ofUnvouched[replica] = next;
      case PRIMARY_LATE, PRIMARY_LOST -> ofPrimary[replica] = next;
      case NONE -> {}
    }
  }

  /** Cheap where this replica has promised nothing. */
  void considerLeaving() {
    if (!considerLeaving(ofPrimary)) {
      considerLeaving(ofUnvouched);
    }
  }

  private boolean considerLeaving(long[] promised) {
    long next = promised[context.id()];
    if (next <= context.view() || !context.active()) {
      return false;
    }
    int left = 0;
    int support = 1;
    for (int replica = 0; replica < promised.length; replica++) {
      if (replica == context.id()) {
        continue;
      }
      boolean hasLeft = viewChanger.askedBy(replica) == next;
      left += hasLeft ? 1 : 0;
      support += hasLeft || promised[replica] == next ? 1 : 0;
    }
    boolean leaves = left > 0 && support >= context.quorums().weak();
    if (leaves) {
      viewChanger.start(next, "another has left on what this one has said");
    }
    return leaves;
  }
}
