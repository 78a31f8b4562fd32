package io.pbft.core.normal;

import io.pbft.core.Observation;
import io.pbft.core.Quorums;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Context;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The three phases: pre-prepare, prepare, commit (OSDI'99, section 4.2). */
public final class Ordering {
  private static final int VOUCH_PART = 4;

  /** How long a COMMIT that nobody waits for may wait for a message to go with. */
  private static final long COMMIT_PATIENCE_MILLIS = 10;

  /** Told when a sequence number is decided, and when a body must be fetched. */
  public interface Listener {
    void onCommittedLocal(Slot slot);

    /** The primary's fresh proposal has been accepted; nothing has been done about it yet. */
    void onProposal(Slot slot);

    void onBodyMissing(Slot slot, Digest digest);

    /**
     * It has prepared here, and nothing else is under way.
     *
     * @return whether it has been handed to execution, so that its COMMIT is in no hurry
     */
    boolean onPreparedAlone(Slot slot);

    /** A proposal waits until others vouch for requests of these clients. */
    void onUnverifiable(Set<Integer> clients);
  }

  private final Context context;
  private final Quorums quorums;
  private final MessageLog log;
  private final RequestPool pool;
  private final PrePrepareValidator validator;
  private final Gathering gathering;
  private final Listener listener;
  private long lastAssigned;
  private long viewStart;
  private List<Digest> choices = List.of();
  private long lastChosen;
  // Of the fresh proposals of this view, the last known to hold requests.
  private long lastFilled;
  private long highestPrepared;
  private long coveredUpTo;
  private Slot unsaid;
  private long unsaidSince;

  public Ordering(
      Context context,
      MessageLog log,
      RequestPool pool,
      PrePrepareValidator validator,
      Listener listener) {
    this.context = context;
    this.quorums = context.quorums();
    this.log = log;
    this.pool = pool;
    this.validator = validator;
    this.gathering = new Gathering(context.config().limits().batchRequests());
    this.listener = listener;
  }

  /** The highest sequence number that has prepared here and may still commit. */
  public long highestPrepared() {
    return highestPrepared;
  }

  /** The highest sequence number that the current view's new-view chose. */
  public long lastChosen() {
    return lastChosen;
  }

  /**
   * As primary: proposes as long as there are requests enough ({@link Gathering}) and room in the
   * pipeline and the window. An idle primary proposes a lone request at once.
   */
  public void propose(long lastExecuted) {
    if (!context.active()
        || !context.isPrimary()
        || !context.voting()
        || lastExecuted < viewStart) {
      return;
    }
    while (pool.hasProposable()
        && lastAssigned - lastExecuted < context.config().pipeline()
        && log.inWindow(lastAssigned + 1)
        && gathering.suffices(pool.proposable(), requestsInFlight(lastExecuted), context.now())) {
      if (log.isFull()) {
        completeInterval();
        return;
      }
      Batch batch = new Batch(context.now(), pool.takeBatch());
      if (batch.requests().isEmpty()) {
        return;
      }
      lastAssigned++;
      sendPrePrepare(log.slot(lastAssigned), batch);
    }
  }

  /**
   * Null batches take no memory: with them the interval ends, and when its checkpoint is stable the
   * log has room again. What fills the log may also lie behind the interval, since an earlier view.
   */
  private void completeInterval() {
    while (log.inWindow(lastAssigned + 1) && !awaitsCheckpoint(lastAssigned)) {
      lastAssigned++;
      sendPrePrepare(log.slot(lastAssigned), Batch.NULL);
    }
  }

  private boolean awaitsCheckpoint(long sequence) {
    return sequence > log.low() && sequence % context.config().checkpointInterval() == 0;
  }

  private long requestsInFlight(long lastExecuted) {
    long requests = 0;
    for (long sequence = lastExecuted + 1; sequence <= lastAssigned; sequence++) {
      Slot slot = log.find(sequence);
      Batch body = slot == null ? null : slot.acceptedBody();
      requests += body == null ? 0 : body.requests().size();
    }
    return requests;
  }

  private void sendPrePrepare(Slot slot, Batch batch) {
    long view = context.view();
    slot.accept(view, batch.digest(), true);
    slot.keepBody(batch);
    slot.setAcceptedAt(context.now());
    slot.markVoted();
    pool.onAccepted(batch);
    context.persist(new LogRecord.PrePrepared(view, slot.sequence(), batch));
    sayCommit();
    context.broadcast(new PrePrepare(view, slot.sequence(), batch.digest(), batch, context.id()));
    context.observe(new Observation.PrePrepared(view, slot.sequence(), batch.digest()));
    advance(slot);
  }

  /** PRE-PREPARE from the primary. */
  public void onPrePrepare(Verified<PrePrepare> verified) {
    PrePrepare m = verified.message();
    if (isEarly(m) && context.refuses(Reason.FUTURE_VIEW)) {
      if (exceedsLog(m)) {
        context.defer(Reason.LOG_FULL, MessageType.PRE_PREPARE, m.replica());
        return;
      }
      log.slot(m.sequence()).keepEarly(verified);
      context.defer(Reason.FUTURE_VIEW, MessageType.PRE_PREPARE, m.replica());
      return;
    }
    if (isCovered(m)) {
      context.defer(Reason.OUT_OF_WINDOW, MessageType.PRE_PREPARE, m.replica());
      return;
    }
    Reason reason = validator.check(verified, lastChosen);
    if (reason != null) {
      refuse(reason, m);
      return;
    }
    Slot slot = log.slot(m.sequence());
    boolean isFresh = !slot.hasAccepted(m.view()) && !slot.isDecided();
    if (isFresh && exceedsLog(m)) {
      context.defer(Reason.LOG_FULL, MessageType.PRE_PREPARE, m.replica());
      return;
    }
    if (isFresh && isOneNullTooMany(m) && context.refuses(Reason.MALFORMED)) {
      refuse(Reason.MALFORMED, m);
      return;
    }
    if (!m.batch().isNull()) {
      lastFilled = Math.max(lastFilled, m.sequence());
    }
    slot.keepBody(m.batch());
    if (!slot.hasAccepted(m.view())) {
      boolean vouched =
          verified.isFullyVerifiable() || !context.refuses(Reason.UNVERIFIABLE_REQUEST);
      slot.accept(m.view(), m.digest(), vouched);
      slot.keepBody(m.batch());
      slot.setAcceptedAt(context.now());
      listener.onProposal(slot);
      if (!vouched) {
        context.defer(Reason.UNVERIFIABLE_REQUEST, MessageType.PRE_PREPARE, m.replica());
        listener.onUnverifiable(unverifiableClients(verified));
      }
    }
    advance(slot);
  }

  /** A batch of requests was decided there, whoever said so. */
  public void onFilled(long sequence) {
    lastFilled = Math.max(lastFilled, sequence);
  }

  /**
   * Before a window's null batches are all decided, a correct primary's log has room again, and it
   * proposes what waits: it would not keep an idle cluster busy.
   */
  private boolean isOneNullTooMany(PrePrepare m) {
    return m.batch().isNull() && m.sequence() - lastFilled > context.config().logWindow();
  }

  private boolean exceedsLog(PrePrepare m) {
    return !log.hasRoomFor(m.batch()) && context.refuses(Reason.LOG_FULL);
  }

  private static Set<Integer> unverifiableClients(Verified<PrePrepare> verified) {
    Set<Integer> clients = new TreeSet<>();
    verified.unverifiable().stream()
        .map(i -> verified.message().batch().requests().get(i).request().client())
        .forEach(clients::add);
    return clients;
  }

  /** Whether a proposal of the current view waits for vouchers. */
  public boolean awaitsVouchers() {
    return firstUnvouchedAt() != Long.MAX_VALUE;
  }

  /**
   * Whether a proposal of the current view has waited for vouchers for as long as they may take: a
   * part of the request timeout, which must end before the primary is blamed.
   */
  public boolean hasWaitedForVouchers() {
    return context.now() - voucherPatience() >= firstUnvouchedAt();
  }

  private long voucherPatience() {
    return context.config().requestTimeoutMillis() / VOUCH_PART;
  }

  private long firstUnvouchedAt() {
    long[] first = {Long.MAX_VALUE};
    log.forEach(
        slot -> {
          if (slot.sequence() > coveredUpTo && slot.awaitsVouchers(context.view())) {
            first[0] = Math.min(first[0], slot.acceptedAt());
          }
        });
    return first[0];
  }

  /**
   * Clients whose MAC'd requests are in proposals that stall: not prepared in the current view for
   * half as long as vouchers may take. Half, since replicas don't accept a proposal at one time;
   * and what is younger is on its way, as always under load.
   */
  public Set<Integer> clientsOfStalled() {
    long latest = context.now() - voucherPatience() / 2;
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

  /** A fetched state has executed whatever was decided there: its requests can't be judged here. */
  private boolean isCovered(PrePrepare m) {
    Slot slot = log.find(m.sequence());
    boolean known = slot != null && (slot.isDecided() || slot.hasAccepted(m.view()));
    return m.sequence() > log.low() && m.sequence() <= coveredUpTo && !known;
  }

  private boolean isEarly(PrePrepare m) {
    return !context.active()
        && m.view() == context.view()
        && m.replica() == context.primary()
        && log.inWindow(m.sequence());
  }

  private void refuse(Reason reason, PrePrepare m) {
    if (reason == Reason.WRONG_VIEW || reason == Reason.OUT_OF_WINDOW) {
      context.defer(reason, MessageType.PRE_PREPARE, m.replica());
      return;
    }
    context.refuse(reason, MessageType.PRE_PREPARE, m.replica());
    if (reason == Reason.CONFLICTING_PREPREPARE) {
      context.observe(new Observation.Equivocation(m.replica(), m.view(), m.sequence()));
    }
  }

  public void onPrepare(Prepare m) {
    if (!admitVote(MessageType.PREPARE, m.view(), m.sequence(), m.replica())) {
      return;
    }
    if (m.replica() == quorums.primary(m.view()) && context.refuses(Reason.PRIMARY_PREPARE)) {
      context.refuse(Reason.PRIMARY_PREPARE, MessageType.PREPARE, m.replica());
      return;
    }
    Slot slot = log.slot(m.sequence());
    if (countVote(MessageType.PREPARE, slot.prepares(), slot, m.view(), m.digest(), m.replica())) {
      advance(slot);
    }
  }

  public void onCommit(Commit m) {
    if (!admitVote(MessageType.COMMIT, m.view(), m.sequence(), m.replica())) {
      return;
    }
    Slot slot = log.slot(m.sequence());
    if (countVote(MessageType.COMMIT, slot.commits(), slot, m.view(), m.digest(), m.replica())) {
      advance(slot);
    }
  }

  /**
   * Outside the window nobody is to blame: below, the vote is late; above, this replica's h may be
   * what lags.
   */
  private boolean admitVote(MessageType type, long view, long sequence, int sender) {
    if (view < context.view() && context.refuses(Reason.WRONG_VIEW)) {
      context.defer(Reason.WRONG_VIEW, type, sender);
    } else if (!log.inWindow(sequence) && context.refuses(Reason.OUT_OF_WINDOW)) {
      context.defer(Reason.OUT_OF_WINDOW, type, sender);
    } else {
      return true;
    }
    return false;
  }

  /** Whether the vote changes what is counted. */
  private boolean countVote(
      MessageType type, Votes votes, Slot slot, long claimed, Digest digest, int sender) {
    long view = context.refuses(Reason.WRONG_VIEW) ? claimed : Math.max(claimed, context.view());
    boolean mismatch = slot.hasAccepted(view) && !slot.digest().equals(digest);
    boolean bent = mismatch && !context.refuses(Reason.DIGEST_MISMATCH);
    Digest counted = bent ? slot.digest() : digest;
    switch (votes.record(sender, view, counted)) {
      case DUPLICATE -> {
        return countAgain(Reason.DUPLICATE_VOTE, type, votes, view, counted, sender);
      }
      case STALE -> context.defer(Reason.WRONG_VIEW, type, sender);
      case CONFLICTING -> {
        if (countAgain(Reason.CONFLICTING_VOTE, type, votes, view, counted, sender)) {
          return true;
        }
        context.observe(new Observation.Equivocation(sender, view, slot.sequence()));
      }
      case COUNTED -> {
        if (view > context.view() || !context.active()) {
          context.defer(Reason.FUTURE_VIEW, type, sender);
        } else if (mismatch && !bent) {
          context.refuse(Reason.DIGEST_MISMATCH, type, sender);
        }
        return true;
      }
    }
    return false;
  }

  /** Nobody is counted twice, unless a test build shows what that would do. */
  private boolean countAgain(
      Reason reason, MessageType type, Votes votes, long view, Digest digest, int sender) {
    if (!context.refuses(reason)) {
      votes.recordAgain(view, digest);
      return true;
    }
    if (reason == Reason.DUPLICATE_VOTE) {
      context.defer(reason, type, sender);
    } else {
      context.refuse(reason, type, sender);
    }
    return false;
  }

  /** Does whatever the slot is ready for: prepare, commit, decide; each exactly once a view. */
  public void advance(Slot slot) {
    if (!context.active() || !slot.hasAccepted(context.view())) {
      return;
    }
    if (!slot.hasVoted() && isAcceptable(slot)) {
      sendPrepare(slot);
    }
    if (!slot.hasVoted()) {
      return;
    }
    if (!slot.isPrepared() && slot.prepared(quorums)) {
      slot.markPrepared();
      highestPrepared = Math.max(highestPrepared, slot.sequence());
      sendCommit(slot);
    }
    if (!slot.isDecided() && slot.committedLocal(quorums)) {
      slot.decide(slot.digest());
      context.observe(new Observation.CommittedLocal(slot.view(), slot.sequence(), slot.digest()));
      listener.onCommittedLocal(slot);
    }
  }

  /**
   * The body is here, and its requests are authentic, by own check or by {@code f+1} others' word.
   */
  private boolean isAcceptable(Slot slot) {
    if (slot.acceptedBody() == null) {
      return false;
    }
    if (!slot.isVouched() && slot.vouchers(quorums) >= quorums.weak()) {
      slot.vouch();
    }
    return slot.isVouched();
  }

  private void sendPrepare(Slot slot) {
    Batch batch = slot.acceptedBody();
    slot.markVoted();
    pool.onAccepted(batch);
    context.persist(new LogRecord.PrePrepared(slot.view(), slot.sequence(), batch));
    context.observe(new Observation.PrePrepared(slot.view(), slot.sequence(), slot.digest()));
    if (!context.isPrimary() && context.voting()) {
      slot.prepares().record(context.id(), slot.view(), slot.digest());
      sayCommit();
      context.broadcast(new Prepare(slot.view(), slot.sequence(), slot.digest(), context.id()));
    }
  }

  private void sendCommit(Slot slot) {
    context.persist(new LogRecord.Prepared(slot.view(), slot.sequence(), slot.digest()));
    context.observe(new Observation.Prepared(slot.view(), slot.sequence(), slot.digest()));
    if (context.voting()) {
      slot.commits().record(context.id(), slot.view(), slot.digest());
      sayCommit();
      if (isAlone(slot) && listener.onPreparedAlone(slot)) {
        putOffCommit(slot);
      } else {
        broadcastCommit(slot);
      }
    }
  }

  private void broadcastCommit(Slot slot) {
    context.broadcast(new Commit(slot.view(), slot.sequence(), slot.digest(), context.id()));
  }

  /** Nothing is known to follow it. */
  private boolean isAlone(Slot slot) {
    Slot next = log.find(slot.sequence() + 1);
    return next == null || !next.hasAccepted(context.view());
  }

  /**
   * The slot's COMMIT goes with this replica's next message to all, or alone when there is none in
   * time (OSDI'99, section 5.1).
   */
  private void putOffCommit(Slot slot) {
    unsaid = slot;
    unsaidSince = context.now();
    if (!context.isArmed(TimerKind.COMMIT)) {
      context.arm(TimerKind.COMMIT, COMMIT_PATIENCE_MILLIS);
    }
  }

  /** Sends the COMMIT that was put off, unless its view has been left. */
  public void sayCommit() {
    Slot slot = unsaid;
    unsaid = null;
    if (slot != null && context.active() && slot.view() == context.view()) {
      broadcastCommit(slot);
    }
  }

  /** The timer is not armed anew for each COMMIT, but once for all in its time. */
  public void onCommitTimer() {
    long left = unsaidSince + COMMIT_PATIENCE_MILLIS - context.now();
    if (unsaid != null && left > 0) {
      context.arm(TimerKind.COMMIT, left);
    } else {
      sayCommit();
    }
  }

  /**
   * The new view has started: its choices are pre-prepared in it as they are, whatever their time;
   * what overtook the new-view is taken up.
   *
   * @param start the start checkpoint
   * @param chosen digests for {@code start + 1} and on
   */
  public void onViewEntered(long start, List<Digest> chosen) {
    restoreView(start, chosen);
    prepareChosen();
    log.forEach(
        slot -> {
          Verified<PrePrepare> early = slot.takeEarly();
          if (early != null) {
            onPrePrepare(early);
          }
        });
  }

  /** The window has moved: choices of the view's new-view may lie in it now that did not before. */
  public void onWindowMoved() {
    if (context.active()) {
      acceptChosen();
      prepareChosen();
    }
  }

  private void acceptChosen() {
    for (int i = 0; i < choices.size(); i++) {
      long sequence = viewStart + 1 + i;
      if (log.inWindow(sequence) && !log.slot(sequence).hasAccepted(context.view())) {
        log.slot(sequence).accept(context.view(), choices.get(i), true);
      }
    }
  }

  private void prepareChosen() {
    for (long s = viewStart + 1; s <= lastChosen; s++) {
      Slot slot = log.find(s);
      if (slot != null && !slot.hasVoted()) {
        if (slot.acceptedBody() == null) {
          listener.onBodyMissing(slot, slot.digest());
        }
        advance(slot);
      }
    }
  }

  /** Bodies of the chosen batches above a sequence number that are here, in order. */
  public List<Batch> chosenBatches(long above) {
    List<Batch> batches = new ArrayList<>();
    for (long s = Math.max(above, viewStart) + 1; s <= lastChosen; s++) {
      Slot slot = log.find(s);
      Batch batch = slot == null ? null : slot.acceptedBody();
      if (batch != null) {
        batches.add(batch);
      }
    }
    return batches;
  }

  /** After recovery or a fetched state: never assigns at or below. */
  public void skipTo(long sequence) {
    coveredUpTo = sequence;
    lastFilled = Math.max(lastFilled, sequence);
    lastAssigned = Math.max(lastAssigned, sequence);
    highestPrepared = Math.max(highestPrepared, sequence);
  }

  /** After a restart: a pre-prepare of an earlier life. */
  public void restore(LogRecord.PrePrepared before) {
    if (log.inWindow(before.sequence())) {
      boolean asPrimary = quorums.primary(before.view()) == context.id();
      log.slot(before.sequence())
          .restorePrePrepared(before.view(), before.batch(), context.id(), asPrimary);
      lastAssigned = Math.max(lastAssigned, before.sequence());
    }
  }

  /** After a restart: a batch that had prepared in an earlier life. */
  public void restore(LogRecord.Prepared before) {
    if (log.inWindow(before.sequence())) {
      log.slot(before.sequence()).restorePrepared(before.view(), before.digest(), context.id());
      highestPrepared = Math.max(highestPrepared, before.sequence());
    }
  }

  /** After a restart: the view had been entered, and its choices are fixed. */
  public void restoreView(long start, List<Digest> chosen) {
    viewStart = start;
    choices = chosen;
    lastChosen = start + chosen.size();
    lastAssigned = lastChosen;
    lastFilled = Math.max(lastChosen, log.low());
    highestPrepared = lastChosen;
    acceptChosen();
  }

  /**
   * After a restart: the primary answers for what the view's slots hold; missing bodies are
   * fetched.
   */
  public void resume() {
    // What this replica had seen of the view's batches is not on its disk.
    lastFilled = Math.max(lastFilled, log.high());
    log.forEach(
        slot -> {
          if (slot.hasAccepted(context.view())) {
            if (slot.acceptedBody() == null) {
              listener.onBodyMissing(slot, slot.digest());
            } else {
              pool.onAccepted(slot.acceptedBody());
            }
          }
        });
  }

  /** Whether the replica's COMMIT for the slot in the current view is here. */
  public boolean hasCommitOf(int replica, Slot slot) {
    return slot.commits().has(replica, context.view());
  }

  private boolean isUnderWay(Slot slot) {
    return context.active() && slot.hasAccepted(context.view()) && slot.hasVoted();
  }

  /**
   * Sends the proposal for a slot of the current view again, to one replica, if this is the
   * primary.
   *
   * @return what the batch takes in memory, about, in bytes; 0 if nothing is sent
   */
  public long resendProposal(int to, Slot slot) {
    Batch body = slot.acceptedBody();
    if (!isUnderWay(slot)
        || !context.isPrimary()
        || slot.sequence() <= lastChosen
        || body == null) {
      return 0;
    }
    context.send(
        to, new PrePrepare(slot.view(), slot.sequence(), slot.digest(), body, context.id()));
    return body.footprint();
  }

  /** Sends this replica's votes for a slot of the current view again, to one replica. */
  public void resendVotes(int to, Slot slot) {
    if (!isUnderWay(slot)) {
      return;
    }
    long view = slot.view();
    if (slot.prepares().has(context.id(), view)) {
      context.send(to, new Prepare(view, slot.sequence(), slot.digest(), context.id()));
    }
    if (slot.commits().has(context.id(), view)) {
      context.send(to, new Commit(view, slot.sequence(), slot.digest(), context.id()));
    }
  }
}
