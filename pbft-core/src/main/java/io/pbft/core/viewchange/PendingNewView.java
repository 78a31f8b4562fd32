package io.pbft.core.viewchange;

import io.pbft.core.message.Envelope;
import io.pbft.core.message.NewView;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * A new-view that waits for the view-changes that it names; at most one for each author is kept.
 */
final class PendingNewView {
  private final NewView message;
  private final Envelope envelope;
  private final TreeMap<Digest, Support> fetched = new TreeMap<>();
  private int ticks;
  private int dueAt = 1;

  PendingNewView(Verified<NewView> verified) {
    message = verified.message();
    envelope = verified.envelope();
  }

  NewView message() {
    return message;
  }

  Envelope envelope() {
    return envelope;
  }

  /** Keeps a view-change if it is one of those named. */
  void offer(Support support) {
    if (message.support().stream().anyMatch(name -> name.digest().equals(support.digest()))) {
      fetched.put(support.digest(), support);
    }
  }

  /**
   * On each status tick: whether to ask for what is missing, after 1, 2, 4 ticks and so on, up to
   * {@value Repeats#MAX_PAUSE}: the answers are long, and may be on their way.
   */
  boolean isDue() {
    ticks++;
    if (ticks < dueAt) {
      return false;
    }
    dueAt += Math.min(dueAt, Repeats.MAX_PAUSE);
    return true;
  }

  /** The named view-changes that are not here. */
  List<NewView.Support> missing(IntFunction<Support> latest) {
    List<NewView.Support> missing = new ArrayList<>();
    for (NewView.Support name : message.support()) {
      if (find(name, latest) == null) {
        missing.add(name);
      }
    }
    return missing;
  }

  /** The named view-changes, in order; all must be here. */
  List<Support> supports(IntFunction<Support> latest) {
    List<Support> supports = new ArrayList<>();
    for (NewView.Support name : message.support()) {
      supports.add(find(name, latest));
    }
    return supports;
  }

  private Support find(NewView.Support name, IntFunction<Support> latest) {
    Support known = latest.apply(name.author());
    return known != null && known.digest().equals(name.digest())
        ? known
        : fetched.get(name.digest());
  }
}
