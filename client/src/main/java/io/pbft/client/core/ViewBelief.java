package io.pbft.client.core;

import io.pbft.core.Quorums;
import java.util.Arrays;

/**
 * The view that the client believes in: the highest one that {@code f+1} replicas are in, or
 * beyond, by the latest word of each. So at least one correct replica got that far, and {@code f}
 * traitors can neither push it up nor hold it down.
 */
final class ViewBelief {
  private final Quorums quorums;
  private final long[] latest;
  private long believed;

  ViewBelief(Quorums quorums) {
    this.quorums = quorums;
    this.latest = new long[quorums.n()];
  }

  /** Takes a replica's word. Returns whether the belief changed. */
  boolean report(int replica, long view) {
    if (latest[replica] == view) {
      return false;
    }
    latest[replica] = view;
    long[] ascending = latest.clone();
    Arrays.sort(ascending);
    long now = ascending[ascending.length - quorums.weak()];
    boolean changed = now != believed;
    believed = now;
    return changed;
  }

  long view() {
    return believed;
  }

  int primary() {
    return quorums.primary(believed);
  }
}
