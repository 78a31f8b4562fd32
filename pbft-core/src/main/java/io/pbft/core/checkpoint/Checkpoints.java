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
import io.pbft.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects CHECKPOINT messages until {@code q} match, and holds this replica's own checkpoints
 * (OSDI'99, section 4.3).
 */
public final class Checkpoints {
  /** Told what the collected messages prove. */
  public interface Listener {
    /** {@code q} replicas, and this one's own state, agree: the log up to it may go. */
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
  private final TreeMap<Long, Digest> metas = new TreeMap<>();
  private long stable;
  private long provenSequence;
  private List<Envelope> proof = List.of();

  public Checkpoints(Context context, Listener listener) {
    this.context = context;
    this.quorums = context.quorums();
    this.listener = listener;
    for (int i = 0; i < quorums.n(); i++) {
      votes.add(new TreeMap<>());
    }
  }

  /**
   * What a CHECKPOINT signs: application state and the replica's own replicated data at a sequence
   * number.
   */
  public static Digest stateDigest(long sequence, Digest meta, Digest chunkRoot) {
    return Hasher.domain("state").putLong(sequence).putDigest(meta).putDigest(chunkRoot).digest();
  }

  /** h, the last stable checkpoint. */
  public long stable() {
    return stable;
  }

  /** The checkpoint of which {@link #proof} is the proof; may lag behind {@link #stable}. */
  public long provenSequence() {
    return provenSequence;
  }

  /** {@code q} signed CHECKPOINTs, or none yet. */
  public List<Envelope> proof() {
    return proof;
  }

  /** C of a view-change: the checkpoints held, at or above the low watermark. */
  public List<ViewChange.Held> heldFrom(long low) {
    List<ViewChange.Held> held = new ArrayList<>();
    own.tailMap(low).forEach((sequence, digest) -> held.add(new ViewChange.Held(sequence, digest)));
    return held;
  }

  /** This replica's own state digest at a checkpoint it holds, or null. */
  public Digest own(long sequence) {
    return own.get(sequence);
  }

  /** The initial state is everybody's checkpoint 0. */
  public void start(long sequence, Digest digest) {
    own.put(sequence, digest);
    stable = sequence;
  }

  /** After a restart: a checkpoint taken in an earlier life. */
  public void restoreOwn(long sequence, Digest digest) {
    own.put(sequence, digest);
  }

  /** After a restart: what had become stable, with its proof. */
  public void restoreStable(LogRecord.Stable before) {
    stable = before.sequence();
    own.put(before.sequence(), before.digest());
    own.headMap(before.sequence()).clear();
    proof = before.proof();
    provenSequence = before.sequence();
  }

  /** A snapshot has been asked for, with this replicated data. */
  public void onSnapshotRequested(long sequence, byte[] meta) {
    metas.put(sequence, Digest.of(meta));
  }

  /** The snapshot's chunks have been hashed: this replica has its checkpoint. */
  public void onSnapshotTaken(long sequence, Digest chunkRoot) {
    Digest meta = metas.remove(sequence);
    if (meta == null || sequence <= stable) {
      return;
    }
    Digest digest = stateDigest(sequence, meta, chunkRoot);
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
    if (m.replica() >= quorums.n()) {
      return Reason.UNKNOWN_REPLICA;
    }
    boolean offBeat =
        m.sequence() == 0 || m.sequence() % context.config().checkpointInterval() != 0;
    if (offBeat && context.refuses(Reason.MALFORMED)) {
      return Reason.MALFORMED;
    }
    if (m.sequence() < stable || (m.sequence() == stable && provenSequence == stable)) {
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

  /** Beyond the window only the highest checkpoint of each replica is kept. */
  private void bound(TreeMap<Long, Vote> theirs) {
    long high = stable + context.config().logWindow();
    while (theirs.size() > 1 && theirs.lowerKey(theirs.lastKey()) > high) {
      theirs.remove(theirs.lowerKey(theirs.lastKey()));
    }
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
    boolean beyondWindow = sequence > stable + context.config().logWindow();
    for (Map.Entry<Digest, Integer> entry : tally.entrySet()) {
      if (beyondWindow && entry.getValue() >= quorums.weak()) {
        listener.onAhead(sequence, entry.getKey(), false);
        return;
      }
    }
  }

  private void onCertified(long sequence, Digest digest) {
    Digest mine = own.get(sequence);
    if (mine == null) {
      listener.onAhead(sequence, digest, true);
    } else if (mine.equals(digest)) {
      prove(sequence, digest);
      listener.onStable(sequence);
    } else {
      context.observe(new Observation.StateDiverged(sequence, mine, digest));
      listener.onDiverged(sequence, digest);
    }
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
    provenSequence = sequence;
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
  public void advanceTo(long sequence) {
    if (sequence < stable) {
      return;
    }
    stable = sequence;
    own.headMap(sequence).clear();
    metas.headMap(sequence).clear();
    for (TreeMap<Long, Vote> theirs : votes) {
      theirs.headMap(sequence).clear();
    }
  }

  /**
   * A fetched state has been installed: it is this replica's checkpoint now. It vouches for it,
   * too: those it has it from may be too few to make it stable, and stand at the end of their
   * window.
   */
  public void onInstalled(long sequence, Digest digest) {
    own.clear();
    metas.clear();
    own.put(sequence, digest);
    context.persist(new LogRecord.Checkpointed(sequence, digest));
    vote(sequence, digest);
    advanceTo(sequence);
    evaluate(sequence);
  }

  /** The newest checkpoint above a sequence number that {@code q} replicas vouch for, or null. */
  public ViewChange.Held newestCertifiedAbove(long sequence) {
    TreeMap<Long, TreeMap<Digest, Integer>> tally = new TreeMap<>();
    for (TreeMap<Long, Vote> theirs : votes) {
      theirs
          .tailMap(sequence, false)
          .forEach(
              (s, vote) ->
                  tally
                      .computeIfAbsent(s, k -> new TreeMap<>())
                      .merge(vote.digest(), 1, Integer::sum));
    }
    for (Map.Entry<Long, TreeMap<Digest, Integer>> at : tally.descendingMap().entrySet()) {
      for (Map.Entry<Digest, Integer> entry : at.getValue().entrySet()) {
        if (entry.getValue() >= quorums.quorum()) {
          return new ViewChange.Held(at.getKey(), entry.getKey());
        }
      }
    }
    return null;
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
