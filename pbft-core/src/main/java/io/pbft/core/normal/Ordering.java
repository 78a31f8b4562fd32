package io.pbft.core.normal;

import io.pbft.core.Observation;
import io.pbft.core.Quorums;
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
  private final Proposals proposals;
  private final Tally tally;
  private final UnsaidCommit unsaid;
  private final Listener listener;
  private long viewStart;
  private List<Digest> choices = List.of();
  private long lastChosen;
  // Of the fresh proposals of this view, the last known to hold requests.
  private long lastFilled;
  private long highestPrepared;

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
    this.proposals = new Proposals(context, log, pool, this::sendPrePrepare);
    this.tally = new Tally(context, log);
    this.unsaid = new UnsaidCommit(context, this::broadcastCommit);
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

  /** As primary: proposes what there is to propose. */
  public void propose(long lastExecuted) {
    if (context.active() && context.isPrimary() && context.voting() && lastExecuted >= viewStart) {
      proposals.propose(lastExecuted);
    }
  }

  private void sendPrePrepare(Slot slot, Batch batch) {
    long view = context.view();
    slot.accept(view, batch.digest(), true);
    slot.keepBody(batch);
    slot.setAcceptedAt(context.now());
    slot.markVoted();
    pool.onAccepted(batch);
    context.persist(new LogRecord.PrePrepared(view, slot.sequence(), batch));
    unsaid.say();
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

  /** A fetched state has executed whatever was decided there: its requests can't be judged here. */
  private boolean isCovered(PrePrepare m) {
    Slot slot = log.find(m.sequence());
    boolean known = slot != null && (slot.isDecided() || slot.hasAccepted(m.view()));
    return log.isCovered(m.sequence()) && !known;
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
    if (!tally.admits(MessageType.PREPARE, m.view(), m.sequence(), m.replica())) {
      return;
    }
    if (m.replica() == quorums.primary(m.view()) && context.refuses(Reason.PRIMARY_PREPARE)) {
      context.refuse(Reason.PRIMARY_PREPARE, MessageType.PREPARE, m.replica());
      return;
    }
    Slot slot = log.slot(m.sequence());
    if (tally.count(
        MessageType.PREPARE, slot.prepares(), slot, m.view(), m.digest(), m.replica())) {
      advance(slot);
    }
  }

  public void onCommit(Commit m) {
    if (!tally.admits(MessageType.COMMIT, m.view(), m.sequence(), m.replica())) {
      return;
    }
    Slot slot = log.slot(m.sequence());
    if (tally.count(MessageType.COMMIT, slot.commits(), slot, m.view(), m.digest(), m.replica())) {
      advance(slot);
    }
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
      unsaid.say();
      context.broadcast(new Prepare(slot.view(), slot.sequence(), slot.digest(), context.id()));
    }
  }

  private void sendCommit(Slot slot) {
    context.persist(new LogRecord.Prepared(slot.view(), slot.sequence(), slot.digest()));
    context.observe(new Observation.Prepared(slot.view(), slot.sequence(), slot.digest()));
    if (context.voting()) {
      slot.commits().record(context.id(), slot.view(), slot.digest());
      unsaid.say();
      if (isAlone(slot) && listener.onPreparedAlone(slot)) {
        unsaid.putOff(slot);
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

  /** Sends the COMMIT that was put off, unless its view has been left. */
  public void sayCommit() {
    unsaid.say();
  }

  public void onCommitTimer() {
    unsaid.onTimer();
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
    log.cover(sequence);
    lastFilled = Math.max(lastFilled, sequence);
    proposals.skipTo(sequence);
    highestPrepared = Math.max(highestPrepared, sequence);
  }

  /** After a restart: a pre-prepare of an earlier life. */
  public void restore(LogRecord.PrePrepared before) {
    if (log.inWindow(before.sequence())) {
      boolean asPrimary = quorums.primary(before.view()) == context.id();
      log.slot(before.sequence())
          .restorePrePrepared(before.view(), before.batch(), context.id(), asPrimary);
      proposals.skipTo(before.sequence());
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
    proposals.startBehind(lastChosen);
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
