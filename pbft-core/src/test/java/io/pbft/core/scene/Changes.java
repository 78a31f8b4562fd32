package io.pbft.core.scene;

import io.pbft.core.Quorums;
import io.pbft.core.message.NewView;
import io.pbft.core.message.ViewChange;
import io.pbft.core.viewchange.NewViewPlan;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes VIEW-CHANGEs entry by entry, in their canonical order, and the NEW-VIEWs that follow. */
public final class Changes {
  private final long view;
  private final int replica;
  private long stable;
  private final List<ViewChange.Held> held = new ArrayList<>();
  private final List<ViewChange.Entry> prepared = new ArrayList<>();
  private final List<ViewChange.Entry> prePrepared = new ArrayList<>();

  private Changes(long view, int replica) {
    this.view = view;
    this.replica = replica;
  }

  /** A replica asks for a view; it has nothing yet. */
  public static Changes of(long view, int replica) {
    return new Changes(view, replica);
  }

  /** A replica that has only the initial state asks for a view. */
  public static ViewChange fresh(long view, int replica) {
    return of(view, replica).held(0, Digest.ZERO).done();
  }

  /** h. */
  public Changes stable(long sequence, Digest digest) {
    stable = sequence;
    return held(sequence, digest);
  }

  /** h, of a replica that does not hold that state. */
  public Changes stableAt(long sequence) {
    stable = sequence;
    return this;
  }

  /** An entry of C. */
  public Changes held(long sequence, Digest digest) {
    held.add(new ViewChange.Held(sequence, digest));
    return this;
  }

  /** An entry of P, and the entry of Q that goes with it. */
  public Changes prepared(long sequence, Digest digest, long inView) {
    prepared.add(new ViewChange.Entry(sequence, digest, inView));
    return prePrepared(sequence, digest, inView);
  }

  /** An entry of P that Q does not support. */
  public Changes preparedOnly(long sequence, Digest digest, long inView) {
    prepared.add(new ViewChange.Entry(sequence, digest, inView));
    return this;
  }

  /** An entry of Q. */
  public Changes prePrepared(long sequence, Digest digest, long inView) {
    prePrepared.add(new ViewChange.Entry(sequence, digest, inView));
    return this;
  }

  public ViewChange done() {
    held.sort(Comparator.comparing(ViewChange.Held::sequence));
    prepared.sort(Comparator.comparing(ViewChange.Entry::sequence));
    prePrepared.sort(
        Comparator.comparing(ViewChange.Entry::sequence).thenComparing(ViewChange.Entry::digest));
    return new ViewChange(view, stable, held, prepared, prePrepared, replica);
  }

  /** The NEW-VIEW of the view's primary that follows from these view-changes. */
  public static NewView newView(Scene scene, List<ViewChange> support) {
    Quorums quorums = scene.config().quorums();
    NewViewPlan plan = NewViewPlan.decide(quorums, scene.config().logWindow(), support);
    if (plan == null) {
      throw new AssertionError("the view-changes determine no plan");
    }
    long view = support.get(0).view();
    return new NewView(
        view,
        names(scene, support),
        plan.start(),
        plan.startDigest(),
        plan.choices(),
        quorums.primary(view));
  }

  /** V of a NEW-VIEW. */
  public static List<NewView.Support> names(Scene scene, List<ViewChange> support) {
    return support.stream()
        .sorted(Comparator.comparing(ViewChange::replica))
        .map(m -> new NewView.Support(m.replica(), scene.peers().seal(m.replica(), m).digest()))
        .toList();
  }
}
