package io.pbft.core.checkpoint;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.Quorums;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ViewChange;
import io.pbft.core.runtime.Context;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Collects CHECKPOINT messages until {@code q} match, and holds this replica's own checkpoints
 * (OSDI'99, section 4.3).
 */
public final class Checkpoints {
  /** Told what the collected messages prove. */
  public interface Listener {
    /**
     * {@code q} replicas vouch for it, and this one's state is that one or a later one: the log up
     * to it may go.
     */
    void onStable(long sequence);

    /**
     * Others have a checkpoint that this replica lacks.
     *
     * @param certified {@code q} of them vouch for it, else {@code f+1}
     */
    void onAhead(long sequence, Digest digest, boolean certified);

    /** This replica's own state is not the one that {@code q} replicas agree on. */
    void onDiverged(long sequence, Digest certified);
  }

  private record Vote(Digest digest, Envelope envelope) {}

  private final Context context;
  private final Quorums quorums;
  private final Listener listener;
  private final List<TreeMap<Long, Vote>> votes = new ArrayList<>();
  private final TreeMap<Long, Digest> own = new TreeMap<>();
  private final TreeSet<Long> awaited = new TreeSet<>();
  private long stable;
  private Digest stableDigest = Digest.ZERO;
  private List<Envelope> proof = List.of();
  private final TreeMap<Long, List<Envelope>> pastProofs = new TreeMap<>();
  private long divergences;
  private long highestDivergence;
  private boolean diverged;

  public Checkpoints(Context context, Listener listener) {
    this.context = context;
    this.quorums = context.quorums();
    this.listener = listener;
    for (int i = 0; i < quorums.n(); i++) {
      votes.add(new TreeMap<>());
    }
  }

  /**
   * h, the last stable checkpoint. It moves with the signed word of {@code q} replicas and with
   * nothing less, not with the start of a view nor with a fetched state: the {@code f+1} correct
   * ones among them are what makes every later set of view-changes determine a plan.
   */
  public long stable() {
    return stable;
  }

  /** The last stable checkpoint and its digest. */
  public ViewChange.Held stableCheckpoint() {
    return new ViewChange.Held(stable, stableDigest);
  }

  /** The {@code q} signed CHECKPOINTs that made {@link #stable} so; none while it is 0. */
  public List<Envelope> proof() {
    return proof;
  }

  /**
   * Proofs of earlier checkpoints, for a replica that has executed up to {@code executed} and
   * follows on the batches that are kept below h: with them its own h moves, a quorum's word at a
   * time. The last that it has reached, and those of the window from there.
   *
   * @param low its h: no proof below is of use
   */
  public List<Envelope> proofsFor(long low, long executed) {
    Long first = pastProofs.floorKey(executed);
    long from = first == null ? executed : first;
    List<Envelope> proofs = new ArrayList<>();
    pastProofs
        .subMap(from, true, from + context.config().logWindow(), true)
        .forEach((sequence, each) -> proofs.addAll(sequence > low ? each : List.of()));
    return proofs;
  }

  /**
   * C of a view-change: h, and all checkpoints held above. Every one that this replica has vouched
   * for is among them: a quorum may have needed its word.
   */
  public List<ViewChange.Held> held() {
    List<ViewChange.Held> held = new ArrayList<>();
    own.tailMap(stable)
        .forEach((sequence, digest) -> held.add(new ViewChange.Held(sequence, digest)));
    return held;
  }

  private long high() {
    return stable + context.config().logWindow();
  }

  /** This replica's own state digest at a checkpoint it holds, or null. */
  public Digest own(long sequence) {
    return own.get(sequence);
  }

  /** The initial state is everybody's checkpoint 0. */
  public void start(long sequence, Digest digest) {
    own.put(sequence, digest);
    stable = sequence;
    stableDigest = digest;
  }

  /**
   * After a restart: a checkpoint taken in an earlier life. The CHECKPOINT that went out for it may
   * have been lost, with the memory of whoever had it: it is signed again, and repeated to those
   * who stand still. Of two records for one sequence number the first is the one that was sent.
   */
  public void restoreOwn(long sequence, Digest digest) {
    own.put(sequence, digest);
    votes.get(context.id()).computeIfAbsent(sequence, s -> signed(s, digest));
  }

  private Vote signed(long sequence, Digest digest) {
    return new Vote(digest, context.sign(new Checkpoint(sequence, digest, context.id())));
  }

  /** After a restart: what had become stable, with its proof. */
  public void restoreStable(LogRecord.Stable before) {
    stable = before.sequence();
    stableDigest = before.digest();
    own.headMap(before.sequence()).clear();
    own.put(before.sequence(), before.digest());
    proof = before.proof();
  }

  /** A snapshot has been asked for. */
  public void onSnapshotRequested(long sequence) {
    awaited.add(sequence);
  }

  /** The snapshot is kept: this replica has its checkpoint. */
  public void onSnapshotTaken(long sequence, Digest digest) {
    if (!awaited.remove(sequence) || sequence <= stable) {
      return;
    }
    awaited.headSet(sequence).clear();
    own.put(sequence, digest);
    context.persist(new LogRecord.Checkpointed(sequence, digest));
    vote(sequence, digest);
    evaluate(sequence);
  }

  /** Sends this replica's CHECKPOINT, unless it has sent one for the sequence number before. */
  private void vote(long sequence, Digest digest) {
    TreeMap<Long, Vote> mine = votes.get(context.id());
    if (context.voting() && !mine.containsKey(sequence)) {
      Checkpoint message = new Checkpoint(sequence, digest, context.id());
      Envelope envelope = context.sign(message);
      context.emit(new Effect.Broadcast(message, envelope));
      mine.put(sequence, new Vote(digest, envelope));
    }
  }

  /** CHECKPOINT from another replica, directly or relayed; a repetition changes nothing. */
  public void onCheckpoint(Verified<Checkpoint> verified) {
    Checkpoint m = verified.message();
    Reason reason = check(m);
    if (reason == Reason.DUPLICATE_VOTE) {
      return;
    }
    if (reason == Reason.OUT_OF_WINDOW) {
      context.defer(reason, MessageType.CHECKPOINT, m.replica());
      return;
    }
    if (reason != null) {
      context.refuse(reason, MessageType.CHECKPOINT, m.replica());
      return;
    }
    TreeMap<Long, Vote> theirs = votes.get(m.replica());
    theirs.put(m.sequence(), new Vote(m.digest(), verified.envelope()));
    bound(theirs);
    evaluate(m.sequence());
  }

  private Reason check(Checkpoint m) {
    if (m.replica() >= quorums.n() && context.refuses(Reason.UNKNOWN_REPLICA)) {
      return Reason.UNKNOWN_REPLICA;
    }
    boolean offBeat =
        m.sequence() == 0 || m.sequence() % context.config().checkpointInterval() != 0;
    if (offBeat && context.refuses(Reason.MALFORMED)) {
      return Reason.MALFORMED;
    }
    if (m.sequence() <= stable) {
      return Reason.OUT_OF_WINDOW;
    }
    Vote earlier = votes.get(m.replica()).get(m.sequence());
    if (earlier == null) {
      return null;
    }
    if (earlier.digest().equals(m.digest())) {
      return Reason.DUPLICATE_VOTE;
    }
    return context.refuses(Reason.CONFLICTING_CHECKPOINT) ? Reason.CONFLICTING_CHECKPOINT : null;
  }

  /**
   * Beyond the window only the highest checkpoint of each replica is kept, and those for what this
   * replica holds itself, having fetched it.
   */
  private void bound(TreeMap<Long, Vote> theirs) {
    Long highest = theirs.lastKey();
    theirs.tailMap(high(), false).keySet().removeIf(s -> !s.equals(highest) && !own.containsKey(s));
  }

  private void evaluate(long sequence) {
    TreeMap<Digest, Integer> tally = new TreeMap<>();
    for (TreeMap<Long, Vote> theirs : votes) {
      Vote vote = theirs.get(sequence);
      if (vote != null) {
        tally.merge(vote.digest(), 1, Integer::sum);
      }
    }
    for (Map.Entry<Digest, Integer> entry : tally.entrySet()) {
      if (entry.getValue() >= quorums.quorum()) {
        onCertified(sequence, entry.getKey());
        return;
      }
    }
    for (Map.Entry<Digest, Integer> entry : tally.entrySet()) {
      if (!own.containsKey(sequence) && entry.getValue() >= quorums.weak()) {
        listener.onAhead(sequence, entry.getKey(), false);
        return;
      }
    }
  }

  private void onCertified(long sequence, Digest digest) {
    Digest mine = own.get(sequence);
    if (mine == null && !isPassed(sequence)) {
      listener.onAhead(sequence, digest, true);
    } else if (mine == null || mine.equals(digest)) {
      prove(sequence, digest);
      advanceTo(sequence, digest);
      listener.onStable(sequence);
      evaluateVotesUpTo(Long.MAX_VALUE);
    } else {
      noteDivergence(sequence, mine, digest);
      listener.onDiverged(sequence, digest);
    }
  }

  /** Once for each checkpoint, however many more vouch for it. */
  private void noteDivergence(long sequence, Digest mine, Digest certified) {
    if (sequence > highestDivergence) {
      highestDivergence = sequence;
      divergences++;
      diverged = true;
      context.observe(new Observation.StateDiverged(sequence, mine, certified));
    }
  }

  /** How many checkpoints there were at which this replica's own state was not the quorum's. */
  public long divergences() {
    return divergences;
  }

  /** The last checkpoint at which the own state was wrong, until it is repaired; else 0. */
  public long divergedAt() {
    return diverged ? highestDivergence : 0;
  }

  /** Whether this replica has no such snapshot, because it has a later one instead. */
  private boolean isPassed(long sequence) {
    return !awaited.contains(sequence) && !own.isEmpty() && own.lastKey() > sequence;
  }

  private void prove(long sequence, Digest digest) {
    List<Envelope> envelopes = new ArrayList<>();
    for (TreeMap<Long, Vote> theirs : votes) {
      Vote vote = theirs.get(sequence);
      if (vote != null && vote.digest().equals(digest) && envelopes.size() < quorums.quorum()) {
        envelopes.add(vote.envelope());
      }
    }
    proof = List.copyOf(envelopes);
    pastProofs.put(sequence, proof);
    pastProofs.headMap(sequence - context.config().history()).clear();
    context.observe(new Observation.CheckpointStable(sequence, digest));
    context.persist(new LogRecord.Stable(sequence, digest, proof));
  }

  /** This replica's own signed CHECKPOINTs above a sequence number, ascending. */
  public List<Envelope> ownVotesAbove(long sequence) {
    return votes.get(context.id()).tailMap(sequence, false).values().stream()
        .map(Vote::envelope)
        .toList();
  }

  /** Forgets what lies below a stable checkpoint. */
  private void advanceTo(long sequence, Digest digest) {
    stable = sequence;
    stableDigest = digest;
    own.headMap(sequence).clear();
    own.put(sequence, digest);
    awaited.headSet(sequence).clear();
    for (TreeMap<Long, Vote> theirs : votes) {
      theirs.headMap(sequence).clear();
    }
  }

  /**
   * A fetched state has been installed: it is this replica's checkpoint now, in place of its own
   * later ones. It vouches for it, too: those it has it from may be too few to make it stable, and
   * stand at the end of their window. Earlier ones are still held; they may have become stable
   * while the state for it was missing.
   */
  public void onInstalled(long sequence, Digest digest) {
    own.tailMap(sequence).clear();
    own.put(stable, stableDigest);
    awaited.clear();
    diverged = false;
    own.put(sequence, digest);
    context.persist(new LogRecord.Checkpointed(sequence, digest));
    vote(sequence, digest);
    evaluateVotesUpTo(sequence);
  }

  /** What the votes prove may be of use only now; nobody says it again. */
  private void evaluateVotesUpTo(long last) {
    TreeSet<Long> voted = new TreeSet<>();
    votes.forEach(theirs -> voted.addAll(theirs.headMap(last, true).keySet()));
    for (long each : voted.descendingSet()) {
      if (each > stable) {
        evaluate(each);
      }
    }
  }

  /** Replicas that vouch for a checkpoint: those to fetch its state from. */
  public List<Integer> holders(long sequence, Digest digest) {
    List<Integer> holders = new ArrayList<>();
    for (int i = 0; i < votes.size(); i++) {
      Vote vote = votes.get(i).get(sequence);
      if (i != context.id() && vote != null && vote.digest().equals(digest)) {
        holders.add(i);
      }
    }
    return holders;
  }
}
