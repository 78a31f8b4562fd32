package io.pbft.core.transfer;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.ChunkTree;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Context;
import io.pbft.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fetches the state of a certified checkpoint: a tree of chunks whose uppermost has the certified
 * digest. What is here already, from older states or an earlier attempt, is not fetched; the rest
 * comes from all donors at once, each chunk checked on arrival, which tells the names of those
 * below it. A replica that sends a wrong chunk, or none, is named and passed over for this
 * transfer; progress made is kept.
 */
public final class StateTransfer {
  private static final int QUESTIONS_PER_DONOR = 2;

  /**
   * As many as a question may have: under load an answer takes a hundred milliseconds, and what is
   * in flight in that time decides how fast the state comes.
   */
  private static final int CHUNKS_PER_QUESTION = FetchChunks.MAX_DIGESTS;

  private static final int MAX_OVERDUE = 64;

  /** States begun without completing one; what came of these is given up then, to save the disk. */
  static final int MAX_UNFINISHED = 8;

  /** Status intervals that a donor may take: its budget, and other work, may hold it up. */
  private static final int INTERVALS_OF_PATIENCE = 4;

  /** Told when the fetched state is complete. */
  public interface Listener {
    /** Everything is staged: emit the installation when execution stands still. */
    void onStaged(long sequence);
  }

  private record Target(long sequence, Digest digest, List<Integer> from) {}

  private record Question(int donor, List<Digest> digests) {}

  private final Context context;
  private final Listener listener;

  /** To be asked for; the deepest first, so that few have to be remembered. */
  private final ArrayDeque<Digest> missing = new ArrayDeque<>();

  /** Those missing or asked for. */
  private final TreeSet<Digest> wanted = new TreeSet<>();

  private final TreeMap<Long, Question> questions = new TreeMap<>();

  /** Those whose answers were given up; when one comes nevertheless, it is as good as any. */
  private final TreeMap<Long, Question> overdue = new TreeMap<>();

  private List<Integer> donors = List.of();
  private Target target;
  private Target newer;
  private long attempt;
  private int unfinished;
  private long ticket;
  private int unanswered;
  private int lastDonor;
  private boolean staged;

  public StateTransfer(Context context, Listener listener) {
    this.context = context;
    this.listener = listener;
  }

  public boolean isActive() {
    return target != null;
  }

  /** The checkpoint being fetched, 0 when none is. */
  public long target() {
    return isActive() ? target.sequence() : 0;
  }

  public Digest targetDigest() {
    return target.digest();
  }

  public boolean isStaged() {
    return staged;
  }

  /**
   * Starts fetching. A transfer that goes on is not given up for a newer checkpoint, or it would
   * never end while the others are busy; the newer one is taken when the old one's answers stop.
   *
   * @param from replicas that vouch for the checkpoint; all others are asked where it is empty
   */
  public void start(long wantedSequence, Digest certified, List<Integer> from) {
    Target next = new Target(wantedSequence, certified, List.copyOf(from));
    if (!isActive()) {
      begin(next);
    } else if (wantedSequence > target() && (newer == null || wantedSequence > newer.sequence())) {
      newer = next;
    }
  }

  private void begin(Target next) {
    forget();
    if (unfinished == MAX_UNFINISHED) {
      unfinished = 0;
      context.emit(new Effect.Unstage());
    }
    unfinished++;
    target = next;
    attempt++;
    donors = new ArrayList<>(next.from().isEmpty() ? everybody() : next.from());
    context.observe(new Observation.TransferStarted(next.sequence()));
    unanswered = 1;
    context.emit(new Effect.SeekState(attempt, next.digest()));
    armTimer();
  }

  private void forget() {
    newer = null;
    target = null;
    staged = false;
    unanswered = 0;
    missing.clear();
    wanted.clear();
    questions.clear();
    overdue.clear();
  }

  private List<Integer> everybody() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < context.quorums().n(); i++) {
      if (i != context.id()) {
        all.add(i);
      }
    }
    return all;
  }

  private void armTimer() {
    context.arm(TimerKind.FETCH, INTERVALS_OF_PATIENCE * context.config().statusIntervalMillis());
  }

  /** The driver has looked for chunks; those that it found below others included. */
  public void onMissing(long of, List<Digest> absent) {
    if (!isActive() || of != attempt) {
      return;
    }
    unanswered--;
    for (Digest digest : absent) {
      if (wanted.add(digest)) {
        missing.addFirst(digest);
      }
    }
    goOn();
  }

  private void goOn() {
    if (wanted.isEmpty() && unanswered == 0 && !staged) {
      staged = true;
      context.cancel(TimerKind.FETCH);
      listener.onStaged(target());
    } else {
      ask();
    }
  }

  /** Spreads what is missing over the donors' free places. */
  private void ask() {
    int free = donors.size() * QUESTIONS_PER_DONOR - questions.size();
    for (; free > 0 && !missing.isEmpty(); free--) {
      int share = Math.min(CHUNKS_PER_QUESTION, (missing.size() + free - 1) / free);
      List<Digest> digests = takeMissing(share);
      if (digests.isEmpty()) {
        return;
      }
      int donor = leastBusyDonor();
      questions.put(++ticket, new Question(donor, digests));
      context.send(donor, new FetchChunks(target(), ticket, digests, context.id()));
      armTimer();
    }
  }

  private List<Digest> takeMissing(int count) {
    List<Digest> digests = new ArrayList<>(count);
    while (digests.size() < count && !missing.isEmpty()) {
      Digest next = missing.removeFirst();
      // It may have come in a late answer.
      if (wanted.contains(next)) {
        digests.add(next);
      }
    }
    return digests;
  }

  private int leastBusyDonor() {
    int best = -1;
    long least = Long.MAX_VALUE;
    for (int i = 1; i <= donors.size(); i++) {
      int donor = donors.get((lastDonor + i) % donors.size());
      long busy = questions.values().stream().filter(q -> q.donor() == donor).count();
      if (busy < least) {
        least = busy;
        best = donor;
      }
    }
    lastDonor = donors.indexOf(best);
    return best;
  }

  /** CHUNKS: each must have the digest that it was asked for by. */
  public void onChunks(Chunks m) {
    boolean late = !questions.containsKey(m.ticket());
    TreeMap<Long, Question> asked = late ? overdue : questions;
    Question question = asked.get(m.ticket());
    if (!isActive() || question == null || question.donor() != m.replica()) {
      context.defer(Reason.NOT_ASKED_FOR, MessageType.CHUNKS, m.replica());
      return;
    }
    asked.remove(m.ticket());
    List<byte[]> sound = soundOnes(m, question);
    for (int i = question.digests().size() - 1; i >= 0 && !late; i--) {
      Digest digest = question.digests().get(i);
      if (wanted.contains(digest)) {
        missing.addFirst(digest);
      }
    }
    if (!sound.isEmpty()) {
      unanswered++;
      context.emit(new Effect.StageChunks(attempt, sound));
    }
    if (donors.isEmpty() && newer != null) {
      // Nobody has the old one any more; what came of it is part of the newer one, mostly.
      begin(newer);
      return;
    }
    goOn();
  }

  /** The chunks that are what was asked for; what is wrong or absent costs its sender its place. */
  private List<byte[]> soundOnes(Chunks m, Question question) {
    List<byte[]> sound = new ArrayList<>();
    boolean wrong = m.chunks().isEmpty() || m.chunks().size() > question.digests().size();
    boolean lacking = false;
    for (int i = 0; i < m.chunks().size() && !wrong; i++) {
      byte[] chunk = m.chunks().get(i);
      Digest digest = question.digests().get(i);
      if (chunk.length == 0) {
        lacking = true;
      } else if (!ChunkTree.digest(chunk).equals(digest) && context.refuses(Reason.BAD_CHUNK)) {
        wrong = true;
      } else if (wanted.remove(digest)) {
        sound.add(chunk);
      }
    }
    if (wrong) {
      context.refuse(Reason.BAD_CHUNK, MessageType.CHUNKS, m.replica());
      passOver(m.replica(), "it sent a wrong chunk");
    } else if (lacking) {
      passOver(m.replica(), "it does not have the state");
    }
    return sound;
  }

  private void passOver(int donor, String why) {
    if (donors.remove(Integer.valueOf(donor))) {
      context.observe(new Observation.DonorPassedOver(target(), donor, why));
    }
  }

  /**
   * Nothing came for a while: those asked are passed over, others are asked. When none is left, all
   * are asked anew, or for the newer state.
   */
  public void onTimeout() {
    if (!isActive() || staged) {
      return;
    }
    for (Question question : questions.values()) {
      passOver(question.donor(), "it did not answer");
      question.digests().forEach(missing::addFirst);
    }
    overdue.putAll(questions);
    while (overdue.size() > MAX_OVERDUE) {
      overdue.pollFirstEntry();
    }
    questions.clear();
    if (newer != null) {
      begin(newer);
      return;
    }
    if (donors.isEmpty()) {
      donors = everybody();
    }
    armTimer();
    ask();
  }

  /** Installed, or no longer needed because this replica got there by itself. */
  public void finish() {
    if (isActive()) {
      context.observe(new Observation.TransferFinished(target()));
      context.emit(new Effect.Unstage());
    }
    unfinished = 0;
    forget();
    context.cancel(TimerKind.FETCH);
  }
}
