package io.pbft.core.transfer;

import io.pbft.core.TimerKind;
import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Status;
import io.pbft.core.normal.MessageLog;
import io.pbft.core.normal.Ordering;
import io.pbft.core.normal.Slot;
import io.pbft.core.runtime.Context;
import io.pbft.core.viewchange.ViewChanger;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Tells the others where this replica is, on a timer, busy or idle, and sends a replica that is
 * behind what it lacks: the new-view, the checkpoint proof, claims of committed batches, and votes
 * again. This is what makes every loss and every dropped queue harmless.
 */
public final class StatusExchange {
  private static final int MAX_RESENT_SLOTS = 64;
  private static final int MAX_CLAIMS = 1024;
  private static final int MAX_BODIES_PER_TICK = 512;

  /** What of these one replica is sent between two ticks, about, in bytes; a link holds more. */
  private static final long MAX_BODY_BYTES_PER_TICK = 16 * 1024 * 1024;

  /**
   * The same of proposals that it may lack; it may also be that it only waits for what is on its
   * way to it, which more of them would delay.
   */
  private static final long MAX_PROPOSAL_BYTES_PER_TICK = 1024 * 1024;

  /** Claims below h, which are answered at once, that one replica is sent between two ticks. */
  private static final int MAX_PAST_CLAIMS_PER_TICK = 4096;

  /**
   * Statuses of one replica that are answered with help between two ticks: a correct one sends one
   * or two, and what helps is up to {@value #MAX_RESENT_SLOTS} batches.
   */
  private static final int MAX_HELPS_PER_TICK = 4;

  /** What one replica has been given since the last tick. */
  private static final class Given {
    private int helps;
    private int pastClaims;
    private int bodies;
    private long bodyBytes;
    private long proposalBytes;
  }

  private static final long GOES_ON = Long.MAX_VALUE;

  /** Told that a slot has been decided on the word of {@code f+1} replicas. */
  public interface Listener {
    void onDecidedByClaims(Slot slot);

    void onBodyArrived(Slot slot);

    /** What this replica would leave its view for; it is about to say so. */
    Complaint complaint();
  }

  private final Context context;
  private final MessageLog log;
  private final Ordering ordering;
  private final Checkpoints checkpoints;
  private final ViewChanger viewChanger;
  private final Listener listener;
  private final Followers followers;
  private final Status[] last;
  private final Given[] given;
  // What each replica had executed when it was seen to stand still; GOES_ON when it does not.
  private final long[] standsAt;
  private final TreeMap<Long, Digest> wanted = new TreeMap<>();
  private long claimedUpTo;
  private long executedAtTick = GOES_ON;
  private long round;

  public StatusExchange(
      Context context,
      MessageLog log,
      Ordering ordering,
      Checkpoints checkpoints,
      ViewChanger viewChanger,
      Listener listener) {
    this.context = context;
    this.log = log;
    this.ordering = ordering;
    this.checkpoints = checkpoints;
    this.viewChanger = viewChanger;
    this.listener = listener;
    this.followers = new Followers(context.quorums().n(), log);
    this.last = new Status[context.quorums().n()];
    this.given = new Given[context.quorums().n()];
    forgetGiven();
    this.standsAt = new long[context.quorums().n()];
    Arrays.fill(standsAt, GOES_ON);
  }

  /** The timer: says where this replica is and asks again for what is missing. */
  public void tick(long lastExecuted, long nonce) {
    forgetGiven();
    ask(lastExecuted, nonce);
    standsAt[context.id()] = lastExecuted == executedAtTick ? lastExecuted : GOES_ON;
    executedAtTick = lastExecuted;
    round++;
    followers.nextRound();
    wanted.headMap(log.low(), true).clear();
    wanted.forEach(this::ask);
    context.arm(TimerKind.STATUS, context.config().statusIntervalMillis());
  }

  private void forgetGiven() {
    Arrays.setAll(given, replica -> new Given());
  }

  /** Says where this replica is, between ticks: it has got somewhere, and others are further. */
  public void ask(long lastExecuted, long nonce) {
    context.broadcast(status(lastExecuted, nonce));
  }

  /** The highest sequence number that others' claims have decided here. */
  public long claimedUpTo() {
    return claimedUpTo;
  }

  private Status status(long lastExecuted, long nonce) {
    return new Status(
        context.view(),
        context.active(),
        checkpoints.stable(),
        lastExecuted,
        nonce,
        context.active() ? listener.complaint() : Complaint.NONE,
        context.id());
  }

  /** Answers a replica that asks with a nonce of its own. */
  public void answer(Status question, long lastExecuted) {
    context.send(question.replica(), status(lastExecuted, question.nonce()));
  }

  /** The latest status of a replica, or null. */
  public Status latest(int replica) {
    return last[replica];
  }

  /**
   * Whether, with this one, {@code f+1} replicas would leave this view for the complaint, or have
   * left it for where it leads.
   */
  public boolean isShared(Complaint complaint) {
    int count = 1;
    for (int replica = 0; replica < last.length; replica++) {
      if (replica != context.id() && (says(replica, complaint) || hasLeft(replica, complaint))) {
        count++;
      }
    }
    return count >= context.quorums().weak();
  }

  private boolean says(int replica, Complaint complaint) {
    Status status = last[replica];
    return status != null
        && status.complaint().isLike(complaint)
        && status.active()
        && status.view() == context.view();
  }

  /**
   * It may have left on a complaint that has not arrived here. Who has left for a lower view than
   * the complaint leads to had another reason, and would be left behind.
   */
  private boolean hasLeft(int replica, Complaint complaint) {
    long next = complaint.nextView(context.view(), context.quorums().n());
    return viewChanger.viewChangeOf(replica, next - 1) != null;
  }

  /** STATUS: compares, and helps. */
  public void onStatus(Status m, long lastExecuted) {
    Status earlier = last[m.replica()];
    last[m.replica()] = m;
    followers.onExecuted(m.replica(), m.executed());
    if (m.executed() < log.low()) {
      helpWithHistory(m, lastExecuted);
    }
    boolean tooOften = ++given[m.replica()].helps > MAX_HELPS_PER_TICK;
    if (tooOften && context.refuses(Reason.PEER_THROTTLED)) {
      context.defer(Reason.PEER_THROTTLED, MessageType.STATUS, m.replica());
      return;
    }
    viewChanger.onStatus(m);
    if (m.nonce() != 0) {
      helpToRemember(m);
    }
    boolean stuck = earlier != null && earlier.stable() == m.stable();
    boolean lacksState = m.executed() < checkpoints.stable();
    if (lacksState || (stuck && m.stable() < checkpoints.stable())) {
      context.send(m.replica(), new Relay(checkpoints.proof(), context.id()));
    }
    if (stuck) {
      repeatCheckpoints(m);
    }
    boolean standsStill = earlier != null && earlier.executed() == m.executed();
    standsAt[m.replica()] = standsStill ? m.executed() : GOES_ON;
    if (standsStill || (earlier != null && hasFetched(earlier, m))) {
      helpWithBatches(m, lastExecuted);
      helpWithVotes(m);
    }
  }

  /** It has just installed a state, and what follows on that is what it needs next, at once. */
  private boolean hasFetched(Status earlier, Status m) {
    return m.executed() >= earlier.executed() + context.config().checkpointInterval()
        && m.executed() % context.config().checkpointInterval() == 0;
  }

  /** It has lost its memory: what it has asked for is its word for ever. */
  private void helpToRemember(Status m) {
    Envelope asked = viewChanger.viewChangeOf(m.replica(), m.view());
    if (asked != null) {
      context.send(m.replica(), new Relay(List.of(asked), context.id()));
    }
  }

  /** Where a checkpoint does not become stable, votes for it may have been lost. */
  private void repeatCheckpoints(Status m) {
    List<Envelope> own = checkpoints.ownVotesAbove(Math.max(m.stable(), checkpoints.stable()));
    if (!own.isEmpty()) {
      context.send(m.replica(), new Relay(own, context.id()));
    }
  }

  /**
   * To a replica below h: what is needed to follow a window further. It asks again when it is
   * there, so that it follows faster than the others go on.
   */
  private void helpWithHistory(Status m, long lastExecuted) {
    long end = Math.min(lastExecuted, m.executed() + context.config().logWindow());
    List<Digest> claims = claims(m.executed() + 1, end);
    given[m.replica()].pastClaims += claims.size();
    if (claims.isEmpty() || given[m.replica()].pastClaims > MAX_PAST_CLAIMS_PER_TICK) {
      return;
    }
    List<Envelope> proofs = checkpoints.proofsFor(m.stable(), m.executed());
    if (!proofs.isEmpty()) {
      context.send(m.replica(), new Relay(proofs, context.id()));
    }
    context.send(m.replica(), new Committed(m.executed() + 1, claims, context.id()));
  }

  /** The digests decided from one sequence number on, as far as they are known here. */
  private List<Digest> claims(long first, long end) {
    List<Digest> claims = new ArrayList<>();
    for (long s = first; s <= end && claims.size() < MAX_CLAIMS; s++) {
      Digest decision = decision(s);
      if (decision == null) {
        break;
      }
      claims.add(decision);
    }
    return claims;
  }

  private Digest decision(long sequence) {
    Slot slot = log.find(sequence);
    return slot == null ? log.pastDigest(sequence) : slot.decision();
  }

  private void helpWithBatches(Status m, long lastExecuted) {
    long first = Math.max(m.executed(), log.low()) + 1;
    if (m.executed() >= log.low()) {
      List<Digest> claims = claims(first, lastExecuted);
      if (!claims.isEmpty()) {
        context.send(m.replica(), new Committed(first, claims, context.id()));
      }
    }
  }

  /**
   * Sends own votes of the view again: of the slots that the replica waits for, and of those that
   * it has executed, where others wait for them and its COMMIT is not here. It may have executed
   * such a slot in an earlier view, or on claims: the others need its vote in this one all the
   * same, and it can't commit before it has prepared.
   */
  private void helpWithVotes(Status m) {
    if (m.view() != context.view() || !m.active()) {
      return;
    }
    int left = MAX_RESENT_SLOTS;
    long first = Math.max(Math.min(m.executed(), awaited()), log.low()) + 1;
    for (long s = first; s <= log.high() && left > 0; s++) {
      Slot slot = log.find(s);
      if (slot != null && (s > m.executed() || !ordering.hasCommitOf(m.replica(), slot))) {
        resend(m.replica(), slot);
        left--;
      }
    }
  }

  private void resend(int to, Slot slot) {
    if (given[to].proposalBytes < MAX_PROPOSAL_BYTES_PER_TICK) {
      given[to].proposalBytes += ordering.resendProposal(to, slot);
    }
    ordering.resendVotes(to, slot);
  }

  /** Somebody active in this view, this replica perhaps, stands still here; the least of these. */
  private long awaited() {
    long least = standsAt[context.id()];
    for (Status status : last) {
      if (status != null && status.active() && status.view() == context.view()) {
        least = Math.min(least, standsAt[status.replica()]);
      }
    }
    return least;
  }

  /** COMMITTED: {@code f+1} matching claims decide a slot. */
  public void onCommitted(Committed m) {
    for (int i = 0; i < m.digests().size(); i++) {
      long sequence = m.first() + i;
      if (!log.inWindow(sequence)) {
        continue;
      }
      Slot slot = log.slot(sequence);
      Digest digest = m.digests().get(i);
      if (!slot.isDecided() && slot.claim(m.replica(), digest, context.quorums())) {
        slot.decide(digest);
        claimedUpTo = Math.max(claimedUpTo, sequence);
        if (slot.body(digest) == null) {
          wanted.put(sequence, digest);
          List<Integer> donors = slot.claimants(digest);
          ask(sequence, digest, donors.get((int) (sequence % donors.size())));
        }
        listener.onDecidedByClaims(slot);
      }
    }
  }

  /**
   * Fetches a body by its digest, from one replica after the other, until it comes or the slot
   * goes.
   */
  public void want(long sequence, Digest digest) {
    wanted.put(sequence, digest);
    ask(sequence, digest);
  }

  private void ask(long sequence, Digest digest) {
    int others = context.quorums().n() - 1;
    int offset = 1 + (int) ((sequence + round) % others);
    ask(sequence, digest, (context.id() + offset) % context.quorums().n());
  }

  private void ask(long sequence, Digest digest, int donor) {
    context.send(donor, new FetchBatch(sequence, digest, context.id()));
  }

  /** FETCH-CHUNKS: will need what comes after that state. */
  public void onFetchChunks(FetchChunks m) {
    followers.onFetch(m.replica(), m.sequence());
  }

  /** FETCH-BATCH: sends the body if it is here; a bounded amount a tick for each replica. */
  public void onFetchBatch(FetchBatch m) {
    Batch body = body(m.sequence(), m.digest());
    if (body == null || body.isNull()) {
      return;
    }
    Given so = given[m.replica()];
    boolean tooMany = ++so.bodies > MAX_BODIES_PER_TICK;
    if (tooMany && context.refuses(Reason.PEER_THROTTLED)) {
      context.refuse(Reason.PEER_THROTTLED, MessageType.FETCH_BATCH, m.replica());
      return;
    }
    if (so.bodyBytes > MAX_BODY_BYTES_PER_TICK && context.refuses(Reason.PEER_THROTTLED)) {
      context.defer(Reason.PEER_THROTTLED, MessageType.FETCH_BATCH, m.replica());
      return;
    }
    so.bodyBytes += body.footprint();
    context.send(m.replica(), new BatchBody(m.sequence(), body, context.id()));
  }

  private Batch body(long sequence, Digest digest) {
    Slot slot = log.find(sequence);
    if (slot != null) {
      return slot.body(digest);
    }
    return digest.equals(log.pastDigest(sequence))
        ? log.pastBatch(sequence, context.config().limits())
        : null;
  }

  /** A body: taken only if it was asked for, and then it does not matter who sent it. */
  public void onBatchBody(BatchBody m) {
    Digest digest = wanted.get(m.sequence());
    if (digest == null || !log.inWindow(m.sequence())) {
      context.defer(Reason.NOT_ASKED_FOR, MessageType.BATCH_BODY, m.replica());
    } else if (!digest.equals(m.batch().digest()) && context.refuses(Reason.BAD_BODY)) {
      context.refuse(Reason.BAD_BODY, MessageType.BATCH_BODY, m.replica());
    } else {
      wanted.remove(m.sequence());
      Slot slot = log.slot(m.sequence());
      slot.keepBody(m.batch());
      listener.onBodyArrived(slot);
    }
  }
}
