package io.pbft.core.normal;

import io.pbft.core.Quorums;
import io.pbft.core.message.Batch;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.ViewChange;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything known of one sequence number: the pre-prepare accepted in the current view, votes,
 * what prepared and pre-prepared here in any view (for P and Q of the view change), bodies, and the
 * decision.
 */
public final class Slot {
  /** Digests remembered in Q; the latest views win (each costs a view change to make). */
  private static final int MAX_PRE_PREPARED = 16;

  private static final int NOBODY = -1;

  private final long sequence;
  private final Volume volume;
  private final Votes prepares;
  private final Votes commits;
  private final Digest[] claims;
  private final List<ViewChange.Entry> prePrepared = new ArrayList<>(1);
  private final List<Batch> bodies = new ArrayList<>(1);
  private ViewChange.Entry prepared;
  private long view = -1;
  private long acceptedAt;
  private Digest digest;
  private boolean vouched;
  private boolean voted;
  private Verified<PrePrepare> early;
  private Digest decided;

  /**
   * @param volume counts the bodies that the slot holds
   */
  Slot(long sequence, int n, Volume volume) {
    this.sequence = sequence;
    this.volume = volume;
    this.prepares = new Votes(n);
    this.commits = new Votes(n);
    this.claims = new Digest[n];
  }

  public long sequence() {
    return sequence;
  }

  /** The view of the accepted pre-prepare, -1 before the first. */
  public long view() {
    return view;
  }

  /** The digest accepted in {@link #view}, or null. */
  public Digest digest() {
    return digest;
  }

  public Votes prepares() {
    return prepares;
  }

  public Votes commits() {
    return commits;
  }

  /**
   * Accepts a digest for a view: the one pre-prepare for (v, s). {@code vouched}: its requests are
   * known to be authentic.
   */
  void accept(long inView, Digest accepted, boolean isVouched) {
    view = inView;
    digest = accepted;
    vouched = isVouched;
    voted = false;
    acceptedAt = 0;
  }

  /**
   * When the view's fresh proposal was accepted, or made, in milliseconds since the epoch; 0 for
   * others.
   */
  public long acceptedAt() {
    return acceptedAt;
  }

  public void setAcceptedAt(long at) {
    acceptedAt = at;
  }

  boolean hasAccepted(long inView) {
    return view == inView && digest != null;
  }

  /**
   * Whether the accepted pre-prepare waits for others to vouch for its requests; not when their
   * claims have decided it: whoever has executed it is not stalled by it.
   */
  public boolean awaitsVouchers(long inView) {
    return hasAccepted(inView) && !vouched && !voted && !isDecided();
  }

  boolean isVouched() {
    return vouched;
  }

  void vouch() {
    vouched = true;
  }

  boolean hasVoted() {
    return voted;
  }

  /** The replica has pre-prepared the accepted digest: it goes into Q. */
  void markVoted() {
    voted = true;
    rememberPrePrepared(new ViewChange.Entry(sequence, digest, view));
  }

  /**
   * After a restart: this replica had pre-prepared the batch, and voted for it unless it was the
   * primary.
   */
  void restorePrePrepared(long inView, Batch batch, int self, boolean asPrimary) {
    accept(inView, batch.digest(), true);
    keepBody(batch);
    markVoted();
    if (!asPrimary) {
      prepares.record(self, inView, batch.digest());
    }
  }

  /** After a restart: this replica had prepared the digest and sent its commit. */
  void restorePrepared(long inView, Digest restored, int self) {
    prepared = new ViewChange.Entry(sequence, restored, inView);
    commits.record(self, inView, restored);
  }

  private void rememberPrePrepared(ViewChange.Entry entry) {
    prePrepared.removeIf(e -> e.digest().equals(entry.digest()) && e.view() <= entry.view());
    prePrepared.add(entry);
    if (prePrepared.size() > MAX_PRE_PREPARED) {
      ViewChange.Entry oldest = prePrepared.get(0);
      for (ViewChange.Entry e : prePrepared) {
        oldest = e.view() < oldest.view() ? e : oldest;
      }
      prePrepared.remove(oldest);
    }
  }

  /**
   * prepared(v, s, d): the pre-prepare, and {@code q-1} matching prepares from replicas other than
   * the primary (OSDI'99, section 4.2).
   */
  public boolean prepared(Quorums quorums) {
    return digest != null
        && prepares.count(view, digest, quorums.primary(view)) >= quorums.quorum() - 1;
  }

  /** committed-local(v, s, d): prepared, and {@code q} matching commits. */
  public boolean committedLocal(Quorums quorums) {
    return isPrepared() && commits.count(view, digest, NOBODY) >= quorums.quorum();
  }

  /** Replicas that vouch for the accepted batch by pre-preparing or preparing it. */
  int vouchers(Quorums quorums) {
    return 1 + prepares.count(view, digest, quorums.primary(view));
  }

  /** Whether the accepted digest has been found prepared in the current view. */
  boolean isPrepared() {
    return prepared != null && prepared.view() == view && prepared.digest().equals(digest);
  }

  void markPrepared() {
    prepared = new ViewChange.Entry(sequence, digest, view);
  }

  /** The entry of P: what prepared here last, or null. */
  public ViewChange.Entry preparedEntry() {
    return prepared;
  }

  /** The entries of Q. */
  public List<ViewChange.Entry> prePreparedEntries() {
    return List.copyOf(prePrepared);
  }

  public Batch body(Digest wanted) {
    if (wanted.equals(Batch.NULL.digest())) {
      return Batch.NULL;
    }
    for (Batch body : bodies) {
      if (body.digest().equals(wanted)) {
        return body;
      }
    }
    return null;
  }

  /** Keeps a body; forgets those that nothing refers to any more. */
  public void keepBody(Batch batch) {
    if (body(batch.digest()) == null) {
      bodies.removeIf(this::isNeedless);
      bodies.add(batch);
      volume.add(batch);
    }
  }

  private boolean isNeedless(Batch body) {
    boolean needless = !isReferred(body.digest());
    if (needless) {
      volume.remove(body);
    }
    return needless;
  }

  private boolean isReferred(Digest wanted) {
    return wanted.equals(digest)
        || wanted.equals(decided)
        || prePrepared.stream().anyMatch(e -> e.digest().equals(wanted));
  }

  /** The accepted batch, or null while its body is missing. */
  public Batch acceptedBody() {
    return digest == null ? null : body(digest);
  }

  void keepEarly(Verified<PrePrepare> message) {
    takeEarly();
    early = message;
    volume.add(message.message().batch());
  }

  Verified<PrePrepare> takeEarly() {
    Verified<PrePrepare> kept = early;
    early = null;
    if (kept != null) {
      volume.remove(kept.message().batch());
    }
    return kept;
  }

  /** The log lets go of the slot. */
  void release() {
    takeEarly();
    bodies.forEach(volume::remove);
    bodies.clear();
  }

  /** Another replica claims that the digest is committed here; true once {@code f+1} do. */
  public boolean claim(int replica, Digest claimed, Quorums quorums) {
    claims[replica] = claimed;
    return claimants(claimed).size() >= quorums.weak();
  }

  /** Replicas that claim that the digest is committed here, ascending. */
  public List<Integer> claimants(Digest claimed) {
    List<Integer> claimants = new ArrayList<>();
    for (int i = 0; i < claims.length; i++) {
      if (claimed.equals(claims[i])) {
        claimants.add(i);
      }
    }
    return claimants;
  }

  /** Fixes what executes here; agreement says it never changes. */
  public void decide(Digest decision) {
    if (decided != null && !decided.equals(decision)) {
      throw new IllegalStateException("two decisions at " + sequence);
    }
    decided = decision;
  }

  public boolean isDecided() {
    return decided != null;
  }

  /** The digest that executes here, or null. */
  public Digest decision() {
    return decided;
  }

  /** The batch that executes here, or null while undecided or its body is missing. */
  public Batch decidedBatch() {
    return decided == null ? null : body(decided);
  }
}
