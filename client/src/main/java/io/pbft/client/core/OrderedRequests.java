package io.pbft.client.core;

import io.pbft.core.Quorums;
import io.pbft.core.message.Busy;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Ordered operations: sent to the primary believed in, to all after a timeout, accepted with {@code
 * f+1} matching replies (OSDI'99, section 4.1), or with a quorum of tentative ones ({@link Tally}).
 *
 * <p>The timeout does not adapt to measured latency: a slow primary would teach the client
 * patience, and the backups, who learn of it from the client's retransmission, with it.
 */
final class OrderedRequests {
  private static final long BURST_PAUSE_MILLIS = 10;

  /**
   * How many of the oldest are sent again when their time has passed. All others wait for these: a
   * session's requests are executed in order. To repeat them all would double the work of replicas
   * that are slow because they have much to do.
   */
  private static final int HEADS = 8;

  /**
   * Bytes of operations that a round may send to all replicas in each timeout, beyond one request:
   * to repeat large ones as often as small ones would be most of what replicas have to do.
   */
  private static final long ROUND_BYTES = 64 * 1024;

  /**
   * Timeouts from a session's first operation on, after which a link that is missing is not news.
   */
  private static final int SETTLING_TIMEOUTS = 10;

  /** From the third transmission on every request is signed. */
  private static final int SIGNED_FROM = 2;

  /**
   * Transmissions after which a result that is proven, and that some have forgotten, is no longer
   * waited for. Until then one that is behind, or sends slowly, may still bring it.
   */
  private static final int PATIENCE = 6;

  /**
   * Timeouts that a request may wait while others of its session are answered: its turn is still to
   * come. No more of them, or a primary that answers one now and then would hold up all the rest.
   */
  private static final int TURN_TIMEOUTS = 8;

  private static final long NOT_YET = Long.MAX_VALUE;

  private final ClientConfig config;
  private final Quorums quorums;
  private final Links links;
  private final ViewBelief views;
  private final Outbox out;
  private final ByteBudget budget;
  private final Session session;
  private final ReplyChecks checks;
  private final Congestion congestion;
  private final Alarm alarm;

  /** Replicas that take no request of this client that is not signed. */
  private final BitSet demandSignatures = new BitSet();

  private boolean mustSign;

  /** Until all links have been there, or the first timeout has passed. */
  private boolean awaitsLinks = true;

  /** Until all links have been there, or it is no longer to be expected. */
  private boolean settles = true;

  private long settledAt = NOT_YET;

  /** When there was an answer last, unless the primary's link was lost since. */
  private long answeredAt = Long.MIN_VALUE;

  /** The highest timestamp that has been answered. */
  private long answered;

  /** The oldest are not sent again before: each round costs all replicas a signature check. */
  private long nextRound = Long.MIN_VALUE;

  OrderedRequests(
      ClientConfig config,
      Quorums quorums,
      Links links,
      ViewBelief views,
      ByteBudget budget,
      Outbox out) {
    this.config = config;
    this.quorums = quorums;
    this.links = links;
    this.views = views;
    this.out = out;
    this.budget = budget;
    this.session = new Session(config);
    this.checks = new ReplyChecks(config, session, out);
    this.congestion = new Congestion(config.window(), config.timeoutMillis());
    this.alarm = new Alarm(ClientTimer.REQUEST, out);
  }

  int size() {
    return session.size();
  }

  boolean contains(long opId) {
    return session.contains(opId);
  }

  void onInvoke(long opId, Request.Kind kind, byte[] operation, long at) {
    session.enqueue(opId, kind, operation);
    if (settledAt == NOT_YET) {
      settledAt = at + SETTLING_TIMEOUTS * config.timeoutMillis();
    }
    admit(at);
  }

  void onAbandon(long opId) {
    session.abandon(opId);
  }

  private void admit(long at) {
    while (!congestion.isAnyTurnedAway() && congestion.allows(session.inFlight())) {
      Operation next = session.admit(budget);
      if (next == null) {
        return;
      }
      sendFirst(next, at);
    }
  }

  /**
   * What was turned away, in order: as much as is to be in flight after an answer, which shows that
   * there is room again; and the first of it at the latest when it has waited.
   */
  private void sendTurnedAway(boolean answered, long at) {
    Operation next = congestion.firstTurnedAway();
    boolean waited = next != null && next.dueAt <= at;
    while (next != null
        && links.isConnected(views.primary())
        && (waited || (answered && allowsAgain(next)))) {
      sendToPrimary(next, at);
      next = congestion.firstTurnedAway();
      waited = waited && next != null && next.dueAt <= at && allowsAgain(next);
    }
  }

  /** What is in flight behind it waits for it, and is nothing that replicas could be busy with. */
  private boolean allowsAgain(Operation turnedAway) {
    return congestion.allowsBehind(before(turnedAway));
  }

  private long before(Operation operation) {
    return operation.request.timestamp() - session.oldest().request.timestamp();
  }

  private void sendFirst(Operation operation, long at) {
    int primary = views.primary();
    if (isReady()) {
      sendToPrimary(operation, at);
    } else if (links.isLost(primary) && links.count() > 0) {
      broadcast(operation, at);
    } else {
      // Still connecting, or cut off from everybody: onConnected or the timer takes it up.
      expectAnswer(operation, at);
    }
  }

  /**
   * A new session waits for its links, which come within moments of each other: what it sent before
   * would have to be signed, and checked by all. Where many sessions begin together replicas have
   * their handshakes to check.
   */
  private boolean isReady() {
    return links.isConnected(views.primary()) && (!awaitsLinks || mustSign());
  }

  private void sendToPrimary(Operation operation, long at) {
    countTransmission(operation, at);
    operation.told = true;
    expectAnswer(operation, at);
    out.add(
        new ClientEffect.SendRequest(
            views.primary(), operation.opId, operation.request, signsFirst(at), false));
  }

  /**
   * MACs reach only replicas that share a key with this session: without a quorum of them the
   * request could not be agreed on, so it is signed. So it is with a quorum while other links are
   * about to come: there may be many such sessions, and where each replica lacks the key of some
   * session that has a request in a batch, none vouches for it.
   */
  private boolean signsFirst(long at) {
    settles = settles && at < settledAt;
    return mustSign() || links.count() < (settles ? links.n() : quorums.quorum());
  }

  private boolean mustSign() {
    return mustSign || config.protocol().clientSignatures();
  }

  /**
   * A signed request is one that each replica can check and pass on, whatever the MACs of another
   * transmission looked like (the defence against the big MAC attack), and whose wait the primary
   * answers for. That is needed for the oldest, which all others of the session wait for; to sign
   * them all would cost the replicas, when they are slow because they have much to do, a hundred
   * times what the requests do.
   */
  private boolean signsAgain(Operation operation, long at) {
    return signsFirst(at)
        || operation.transmissions >= SIGNED_FROM
        || operation == session.oldest();
  }

  private void broadcast(Operation operation, long at) {
    boolean signed = signsAgain(operation, at);
    if (operation.transmissions > 0) {
      out.observe(
          new ClientObservation.Retransmitted(
              operation.request.timestamp(), operation.transmissions + 1, operation.wantsFull));
    }
    countTransmission(operation, at);
    operation.broadcast = true;
    expectAnswer(operation, at);
    out.add(
        new ClientEffect.BroadcastRequest(
            operation.opId, operation.request, signed, operation.wantsFull));
  }

  private static void countTransmission(Operation operation, long at) {
    operation.sentAt = operation.transmissions == 0 ? at : operation.sentAt;
    operation.transmissions++;
  }

  private void expectAnswer(Operation operation, long at) {
    operation.busy.clear();
    congestion.onTaken(operation);
    operation.dueAt = at + config.timeoutAfter(Math.max(operation.transmissions - 1, 0));
    alarm.noLaterThan(operation.dueAt, at);
  }

  /**
   * A primary is told over its new link what it has not been told over it. What was sent before
   * went to a replica that was believed to be the primary, and passed on what that can't check
   * without a key that it shares with this session; or it was lost with an earlier link. Else the
   * oldest few alone would get there, one round after the other.
   */
  void onConnected(int replica, long at) {
    if (replica == views.primary()) {
      session.outstanding().forEach(operation -> operation.told = false);
    }
    boolean all = links.count() == links.n();
    awaitsLinks = awaitsLinks && !all;
    settles = settles && !all;
    if (!isReady()) {
      return;
    }
    boolean repeats = config.protocol().clientSignatures() || !signsFirst(at);
    for (Operation operation : session.outstanding()) {
      if (!operation.told && !operation.backedOff && (repeats || operation.transmissions == 0)) {
        sendToPrimary(operation, at);
      }
    }
  }

  /** What only the lost primary has been told is now told to all. */
  void onDisconnected(int replica, long at) {
    if (replica != views.primary()) {
      return;
    }
    answeredAt = Long.MIN_VALUE;
    for (Operation operation : session.outstanding()) {
      if (!operation.broadcast) {
        operation.dueAt = at;
      }
    }
    nextRound = at;
    retransmitDue(at);
  }

  void onTimer(long generation, long at) {
    if (alarm.accept(generation)) {
      endWait(at);
      retransmitDue(at);
    }
  }

  /** What has waited for links goes to the primary, if that one is there. */
  private void endWait(long at) {
    boolean ends = awaitsLinks && links.count() > 0;
    awaitsLinks = awaitsLinks && !ends;
    if (ends && isReady()) {
      for (Operation operation : session.outstanding()) {
        if (operation.transmissions == 0) {
          sendToPrimary(operation, at);
        }
      }
    }
  }

  /** What the earlier primary had not proposed may be known to nobody else. */
  private void tellNewPrimary(long at) {
    boolean connected = links.isConnected(views.primary());
    for (Operation operation : session.outstanding()) {
      operation.told = operation.broadcast;
      if (connected && !operation.told) {
        sendToPrimary(operation, at);
      }
    }
  }

  /**
   * In rounds: where answers take longer than the timeout because replicas have much to do, another
   * of the oldest is due at any moment, and each would cost them more than a new request does.
   */
  private void retransmitDue(long at) {
    boolean isRound = at >= nextRound;
    boolean postponed = false;
    int sent = 0;
    long bytes = 0;
    int position = 0;
    long earliest = Long.MAX_VALUE;
    for (Operation operation : session.outstanding()) {
      boolean urgent = operation.transmissions == 0 || operation.wantsFull;
      boolean repeats = position++ < HEADS || urgent;
      operation.dueAt = urgent ? operation.dueAt : Math.max(operation.dueAt, turnDueAt(operation));
      if (operation.dueAt > at) {
        earliest =
            Math.min(earliest, urgent ? operation.dueAt : Math.max(operation.dueAt, nextRound));
      } else if (links.count() > 0 && operation.backedOff && !repeats) {
        earliest = Math.min(earliest, at + config.timeoutMillis());
      } else if (links.count() == 0 || !repeats) {
        expectAnswer(operation, at);
      } else if (!urgent && (!isRound || (bytes > 0 && bytes + size(operation) > ROUND_BYTES))) {
        postponed = true;
        earliest = Math.min(earliest, nextRound);
      } else if (sent >= config.burst()) {
        nextRound = at + BURST_PAUSE_MILLIS;
        earliest = Math.min(earliest, nextRound);
      } else {
        sent++;
        broadcast(operation, at);
        bytes += urgent ? 0 : size(operation);
        nextRound = urgent ? nextRound : at + pauseAfter(bytes);
      }
    }
    if (!postponed) {
      sendTurnedAway(false, at);
    }
    if (earliest != Long.MAX_VALUE) {
      alarm.noLaterThan(earliest, at);
    }
  }

  /**
   * A session's requests are executed in order, so an answer to one before it shows that those are
   * being worked on; one to a later request, that its own has been lost.
   */
  private long turnDueAt(Operation operation) {
    if (operation.broadcast
        || operation.request.timestamp() < answered
        || answeredAt < operation.sentAt) {
      return Long.MIN_VALUE;
    }
    return Math.min(
        answeredAt + config.timeoutMillis(),
        operation.sentAt + TURN_TIMEOUTS * config.timeoutMillis());
  }

  private static long size(Operation operation) {
    return operation.request.operation().length;
  }

  private long pauseAfter(long bytes) {
    long timeouts = Math.max(1, (bytes + ROUND_BYTES - 1) / ROUND_BYTES);
    return Math.min(timeouts * config.timeoutMillis(), config.timeoutCapMillis());
  }

  /** {@code sender} is the link's authenticated replica. Returns whether the session has ended. */
  boolean onReply(int sender, Reply reply, long at) {
    Reason reason = checks.refusal(reply);
    if (reason != null) {
      out.refuse(reason, MessageType.REPLY, sender);
      return false;
    }
    if (views.report(sender, reply.view())) {
      out.observe(new ClientObservation.ViewBelieved(views.view(), views.primary()));
      tellNewPrimary(at);
    }
    Operation operation = session.outstanding(reply.timestamp());
    if (operation == null) {
      checks.late(sender, reply);
      return false;
    }
    if (ReplyChecks.isForgotten(reply)) {
      return onForgotten(sender, operation, at);
    }
    operation.forgotBy.clear(sender);
    operation.tally.vote(sender, reply);
    if (!operation.tally.isProven(reply.resultDigest(), quorums)) {
      return false;
    }
    Result kept = operation.tally.result(reply.resultDigest());
    Result result = kept == null ? reply.result() : kept;
    if (result == null) {
      askForFull(operation, at);
      return false;
    }
    return accept(operation, result, at);
  }

  /** Its earlier vote stays: f+1 such and one who still has the result are as good as ever. */
  private boolean onForgotten(int sender, Operation operation, long at) {
    operation.forgotBy.set(sender);
    int forgot = operation.forgotBy.cardinality();
    boolean hopeless =
        forgot == links.n()
            || operation.transmissions >= PATIENCE
            || operation.tally.highestCount() < quorums.weak();
    return forgot >= quorums.weak()
        && hopeless
        && accept(operation, new Result(Result.Outcome.FORGOTTEN, new byte[0]), at);
  }

  private void askForFull(Operation operation, long at) {
    if (operation.wantsFull) {
      return;
    }
    // The designated replica's reply may be right behind.
    operation.wantsFull = true;
    operation.dueAt = Math.min(operation.dueAt, at + config.timeoutMillis() / 2);
    alarm.noLaterThan(operation.dueAt, at);
  }

  private boolean accept(Operation operation, Result result, long at) {
    checks.contradictions(operation, result);
    if (result.outcome() == Result.Outcome.SESSION_EXPIRED) {
      return true;
    }
    answeredAt = at;
    answered = Math.max(answered, operation.request.timestamp());
    congestion.onTaken(operation);
    congestion.onAnswered(
        session.inFlight(), operation.transmissions == 1 ? at - operation.sentAt : -1);
    session.finish(operation, result);
    if (!operation.abandoned) {
      out.add(
          result.outcome() == Result.Outcome.FORGOTTEN
              ? new ClientEffect.Failed(operation.opId, ClientFailure.OUTCOME_UNKNOWN)
              : new ClientEffect.Completed(operation.opId, result));
    }
    sendTurnedAway(true, at);
    admit(at);
    return false;
  }

  void onBusy(int sender, Busy busy, long at) {
    if (busy.session() != config.session() || !session.wasSent(busy.timestamp())) {
      out.refuse(Reason.NOT_ASKED_FOR, MessageType.BUSY, sender);
      return;
    }
    if (busy.mustSign()) {
      onMustSign(sender, at);
      return;
    }
    Operation operation = session.outstanding(busy.timestamp());
    if (operation == null || operation.backedOff) {
      return;
    }
    operation.busy.set(sender);
    if (sender == views.primary() || operation.busy.cardinality() >= quorums.weak()) {
      backOff(operation, busy.room(), at);
      sendOutrun(operation, busy.room(), at);
    }
  }

  /**
   * Replies of other replicas have overtaken what the primary said: when less is in flight before
   * an operation than there is room for, that was taken by what has been executed since. Once only,
   * or a liar would have it sent again and again.
   */
  private void sendOutrun(Operation operation, long room, long at) {
    if (operation == congestion.firstTurnedAway()
        && operation.transmissions == 1
        && before(operation) < room
        && allowsAgain(operation)
        && links.isConnected(views.primary())) {
      sendToPrimary(operation, at);
    }
  }

  /**
   * From now on this session signs all that it sends, and what it has sent once more: else only the
   * oldest would be executed, one in a timeout. The word of a primary is enough, since it could
   * drop what is not signed as well; a traitor can have no more than signatures that nobody needed.
   */
  private void onMustSign(int sender, long at) {
    demandSignatures.set(sender);
    boolean believed =
        sender == views.primary() || demandSignatures.cardinality() >= quorums.weak();
    if (mustSign || !believed) {
      return;
    }
    mustSign = true;
    if (!links.isConnected(views.primary())) {
      return;
    }
    for (Operation operation : session.outstanding()) {
      if (operation.transmissions > 0 && !operation.backedOff) {
        sendToPrimary(operation, at);
      }
    }
  }

  /** Once a transmission, or a traitor's stream of refusals would put the next one off for ever. */
  private void backOff(Operation operation, long room, long at) {
    congestion.onTurnedAway(operation, session.inFlight(), room, at);
    long pause = config.timeoutAfter(operation.transmissions);
    pause += jitter(operation.request.timestamp(), operation.transmissions) % (pause / 4 + 1);
    operation.dueAt = at + pause;
    alarm.noLaterThan(operation.dueAt, at);
    out.observe(new ClientObservation.BackedOff(operation.request.timestamp(), pause));
  }

  /** Spreads clients that were turned away together; not random, so that runs repeat. */
  private long jitter(long timestamp, int transmissions) {
    long x = (config.client() * 31L + timestamp) * 31L + transmissions;
    x *= 0x9E3779B97F4A7C15L;
    x ^= x >>> 32;
    x *= 0xBF58476D1CE4E5B9L;
    return (x ^ (x >>> 29)) & Long.MAX_VALUE;
  }

  /**
   * Ends the session: sent writes have an unknown outcome; reads change nothing, so these may be
   * done again; the queue was never sent.
   */
  List<ClientEffect> expire() {
    alarm.cancel();
    List<ClientEffect> failed = new ArrayList<>();
    List<ClientEffect> returned = new ArrayList<>();
    for (Operation operation : session.clear()) {
      if (operation.abandoned) {
        continue;
      }
      boolean lost = operation.transmissions > 0 && operation.kind == Request.Kind.WRITE;
      if (lost) {
        failed.add(new ClientEffect.Failed(operation.opId, ClientFailure.OUTCOME_UNKNOWN));
      } else {
        returned.add(new ClientEffect.Returned(operation.opId));
      }
    }
    failed.addAll(returned);
    return failed;
  }
}
