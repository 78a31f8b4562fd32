package io.pbft.core.normal;

import io.pbft.core.Effect;
import io.pbft.core.codec.Limits;
import io.pbft.core.execution.ClientTable;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.runtime.Context;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Requests that wait to be executed. A primary takes its batches from here, one request of each
 * client in turn, of its sessions in turn in short runs, as far as it may have them in flight
 * ({@link FairShare}); a backup watches the oldest against the request timer, and keeps them for
 * the next primary.
 *
 * <p>Bounded for each client: sessions, requests beyond the last executed of each session, and
 * bytes; and in all: see {@link Room}. What other replicas pass on has {@code n} times the room of
 * what clients send themselves: so clients can't fill the primary's room with other requests than
 * the backups', and have the primary deposed for refusing those.
 */
public final class RequestPool {
  /** Bytes of operations that wait for one client, in units of the largest operation. */
  private static final int CLIENT_OPERATIONS = 64;

  /** How many request timeouts a request may wait in all while its turn is still to come. */
  private static final int PATIENCE_TIMEOUTS = 8;

  /** After so many request timeouts a client would have sent again what is missing. */
  private static final int STUCK_TIMEOUTS = 2;

  /** Done ones among the timed that are kept at most, beside as many as wait. */
  private static final int DONE_KEPT = 32;

  /** Where a request came from, and so how much room there is for it. */
  public enum Source {
    /** From its client. */
    CLIENT,
    /** Passed on by a replica, or in a proposal. */
    REPLICA
  }

  private static final class ClientQueue extends Room.Share {
    private final TreeMap<Long, SessionQueue> sessions = new TreeMap<>();
    private final ArrayDeque<SessionQueue> turns = new ArrayDeque<>();
    private boolean queued;
  }

  private final Context context;
  private final ClientTable table;
  private final Limits limits;
  private final TreeMap<Integer, ClientQueue> clients = new TreeMap<>();
  private final ArrayDeque<ClientQueue> turns = new ArrayDeque<>();
  private final Room room;
  private final FairShare shares;
  private final ArrayDeque<SessionQueue.Pending> timed = new ArrayDeque<>();
  private long movedOnAt;
  private long acceptedBytes;

  public RequestPool(Context context, ClientTable table) {
    this.context = context;
    this.table = table;
    this.limits = context.config().limits();
    this.room = new Room(context.config());
    this.shares = new FairShare(context.config());
  }

  /**
   * Takes in a request that is not executed yet, or another copy of one.
   *
   * @param accountable whether its wait may cost the primary its place: everybody can check it
   * @return the reason to refuse it, or null
   */
  public Reason add(AuthenticatedRequest authenticated, boolean accountable, Source source) {
    Request request = authenticated.request();
    ClientQueue client = clients.computeIfAbsent(request.client(), id -> new ClientQueue());
    SessionQueue session = client.sessions.get(request.session());
    SessionQueue.Pending known = session == null ? null : session.get(request.timestamp());
    if (known != null) {
      boolean other = !known.request().request().equals(request);
      if (other && context.refuses(Reason.DUPLICATE_REQUEST)) {
        return Reason.DUPLICATE_REQUEST;
      }
      SessionQueue.merge(known, authenticated, accountable);
    } else if (isBeyondRoom(request, client, session, source)
        && context.refuses(Reason.CLIENT_THROTTLED)) {
      if (client.sessions.isEmpty()) {
        clients.remove(request.client());
      }
      return Reason.CLIENT_THROTTLED;
    } else {
      if (session == null) {
        session = new SessionQueue(table.last(request.client(), request.session()));
        client.sessions.put(request.session(), session);
      }
      session.add(authenticated, accountable);
      room.take(client, request.operation().length);
      onChanged(client, session);
    }
    startClocks(client, session);
    return null;
  }

  /**
   * A primary counts from what it has proposed last: the others may have executed that and answered
   * the client, who goes on from there, while this replica is a pipeline behind them.
   */
  private boolean isBeyondRoom(
      Request request, ClientQueue client, SessionQueue session, Source source) {
    long factor = source == Source.CLIENT ? 1 : context.quorums().n();
    long executed = table.last(request.client(), request.session());
    long last = session == null ? executed : Math.max(executed, session.lastProposed());
    int size = request.operation().length;
    return request.timestamp() > last + factor * context.config().clientWindow()
        || (session == null
            && client.sessions.size() >= factor * context.config().sessionsPerClient())
        || client.bytes() + size > factor * CLIENT_OPERATIONS * limits.operationBytes()
        || room.isShort(client, size, factor, clients.size())
        || (source == Source.CLIENT && room.isHalfFull() && isAfterGap(request, session, last));
  }

  /**
   * What its session can't go on to yet: when one request is refused those behind it are, too, or
   * they would take the room that it needs.
   */
  private static boolean isAfterGap(Request request, SessionQueue session, long last) {
    long before = request.timestamp() - 1;
    return before > last && (session == null || before > session.unbroken());
  }

  /**
   * How many requests like this one its session finds room for however full it is here: its part of
   * what its client has a right to.
   */
  public long room(Request request) {
    ClientQueue client = clients.get(request.client());
    int others = client == null ? clients.size() : clients.size() - 1;
    int sessions = client == null ? 0 : client.sessions.size();
    boolean hasPlace = client != null && client.sessions.containsKey(request.session());
    long share = room.share(request.operation().length, others + 1);
    return share / (hasPlace ? sessions : sessions + 1);
  }

  /** Whether it is here already, and this copy is of no more use. */
  public boolean has(AuthenticatedRequest copy) {
    Request request = copy.request();
    SessionQueue session = session(request);
    SessionQueue.Pending known = session == null ? null : session.get(request.timestamp());
    return known != null && (known.request().isSigned() || !copy.isSigned());
  }

  private SessionQueue session(Request request) {
    ClientQueue client = clients.get(request.client());
    return client == null ? null : client.sessions.get(request.session());
  }

  /** A primary that serves all alike does not answer for what it has to hold back. */
  private void startClocks(ClientQueue client, SessionQueue session) {
    long now = context.now();
    long most = Math.max(1, shares.limit(now) / Math.max(1, client.sessions.size()));
    session.startClocks(now, most, this::startClock);
  }

  private void startClock(SessionQueue.Pending pending) {
    pending.setAcceptedBefore(acceptedBytes);
    timed.add(pending);
  }

  private void onChanged(ClientQueue client, SessionQueue session) {
    count(client, session);
    queueTurn(client, session);
  }

  private void count(ClientQueue client, SessionQueue session) {
    session.stuckSince(context.now());
    shares.update(client, session, client.requests(), context.now());
  }

  /**
   * Nobody takes a backup's turns: they would be kept for ever. A new view's primary makes its own.
   */
  private void queueTurn(ClientQueue client, SessionQueue session) {
    if (!context.isPrimary()) {
      return;
    }
    if (!session.isQueued() && session.nextToPropose() != null) {
      session.setQueued(true);
      if (session.isInRun()) {
        client.turns.addFirst(session);
      } else {
        client.turns.addLast(session);
      }
    }
    queueTurn(client);
  }

  /** One that has its share in flight gets its next turn when some of that has been executed. */
  private void queueTurn(ClientQueue client) {
    if (!client.queued && !client.turns.isEmpty() && shares.allows(client, context.now())) {
      client.queued = true;
      turns.add(client);
    }
  }

  /** Whether there is anything to propose. */
  public boolean hasProposable() {
    return !turns.isEmpty();
  }

  /**
   * How many requests wait to be executed that have been proposed, or may be: about, since those
   * that would be more than a client's share may be of a moment ago.
   */
  long proposable() {
    return room.requests() - shares.heldBack();
  }

  /** Takes the next batch's requests: one of each client in turn, within the limits. */
  public List<AuthenticatedRequest> takeBatch() {
    List<AuthenticatedRequest> batch = new ArrayList<>();
    long bytes = 0;
    while (!turns.isEmpty() && batch.size() < limits.batchRequests()) {
      ClientQueue client = turns.peek();
      if (!shares.allows(client, context.now())) {
        turns.remove();
        client.queued = false;
        continue;
      }
      SessionQueue session = client.turns.peek();
      SessionQueue.Pending next = session.nextToPropose();
      int length = next == null ? 0 : next.request().request().operation().length;
      if (bytes + length > limits.batchBytes()) {
        return batch;
      }
      turns.remove();
      client.queued = false;
      client.turns.remove();
      session.setQueued(false);
      if (next != null) {
        batch.add(next.request());
        bytes += length;
        session.markProposed(next.request().request().timestamp());
        session.countTurn();
        onChanged(client, session);
      }
      queueTurn(client);
    }
    return batch;
  }

  /** The primary answers for the requests of a proposal that this replica has accepted. */
  public void onAccepted(Batch batch) {
    for (AuthenticatedRequest request : batch.requests()) {
      acceptedBytes += request.request().operation().length;
      ClientTable.Standing standing = table.standing(request.request());
      if (standing == ClientTable.Standing.NEXT || standing == ClientTable.Standing.AHEAD) {
        add(request, true, Source.REPLICA);
      }
    }
  }

  /** Forgets what has been executed. */
  public void onExecuted(Batch batch) {
    SessionQueue.Pending head = first();
    for (AuthenticatedRequest request : batch.requests()) {
      forgetExecuted(request.request().client(), request.request().session());
    }
    if (first() != head) {
      movedOnAt = context.now();
    }
    dropDoneBehindOldest();
  }

  /** A primary that holds back one request, and executes others, would fill the memory. */
  private void dropDoneBehindOldest() {
    if (timed.size() > 2 * room.requests() + DONE_KEPT) {
      timed.removeIf(this::isOver);
    }
  }

  private void forgetExecuted(int clientId, long sessionId) {
    ClientQueue client = clients.get(clientId);
    SessionQueue session = client == null ? null : client.sessions.get(sessionId);
    if (session == null) {
      return;
    }
    boolean expired = table.isExpired(clientId, sessionId);
    int before = session.size();
    long bytes = session.removeUpTo(expired ? Long.MAX_VALUE : table.last(clientId, sessionId));
    room.giveBack(client, before - session.size(), bytes);
    count(client, session);
    if (!expired) {
      queueTurn(client, session);
      startClocks(client, session);
    }
    if (expired || session.isIdle()) {
      client.sessions.remove(sessionId);
      if (client.sessions.isEmpty()) {
        clients.remove(clientId);
      }
    }
  }

  /**
   * Forgets what has waited for a missing request for {@value #STUCK_TIMEOUTS} request timeouts: a
   * session that its client left, or lost, in the middle of much, and that would take the room of
   * the client's next one. To be called now and then.
   */
  public void dropStuck() {
    long since = context.now() - STUCK_TIMEOUTS * context.config().requestTimeoutMillis();
    for (ClientQueue client : clients.values()) {
      for (SessionQueue session : client.sessions.values()) {
        if (session.stuckSince(context.now()) <= since) {
          drop(client, session);
        }
      }
      client.sessions.values().removeIf(SessionQueue::isIdle);
    }
    clients.values().removeIf(client -> client.sessions.isEmpty());
  }

  /** A client that is there after all believes it here. */
  private void drop(ClientQueue client, SessionQueue session) {
    int before = session.size();
    long bytes = 0;
    for (Request last = session.removeLastBehindGap();
        last != null;
        last = session.removeLastBehindGap()) {
      bytes += last.operation().length;
      if (context.isPrimary()) {
        Busy busy = new Busy(last.session(), last.timestamp(), false, room(last), context.id());
        context.emit(new Effect.Answer(last.client(), last.session(), busy));
      }
    }
    room.giveBack(client, before - session.size(), bytes);
    count(client, session);
  }

  /** Forgets what a client has not signed. */
  public void dropUnsigned(int clientId) {
    ClientQueue client = clients.get(clientId);
    if (client != null) {
      for (SessionQueue session : client.sessions.values()) {
        int before = session.size();
        long bytes = session.removeUnsigned();
        room.giveBack(client, before - session.size(), bytes);
        count(client, session);
      }
    }
  }

  /**
   * After a fetched state: forgets everything that it has executed.
   *
   * @param chosen the batches beyond it that the new-view chose, in order
   */
  public void onStateInstalled(List<Batch> chosen) {
    for (Integer client : List.copyOf(clients.keySet())) {
      for (Long session : List.copyOf(clients.get(client).sessions.keySet())) {
        forgetExecuted(client, session);
      }
    }
    chosen.forEach(batch -> batch.requests().forEach(each -> markChosen(each.request())));
  }

  /**
   * In a new view the primary proposes what is neither executed nor chosen, and all clocks start
   * anew.
   *
   * @param chosen the batches that the new-view chose and that are still to be executed, in order
   */
  public void onNewView(List<Batch> chosen) {
    turns.clear();
    timed.clear();
    for (ClientQueue client : clients.values()) {
      client.turns.clear();
      client.queued = false;
      client.sessions.values().forEach(SessionQueue::onNewView);
    }
    for (Batch batch : chosen) {
      onAccepted(batch);
      for (AuthenticatedRequest request : batch.requests()) {
        markChosen(request.request());
      }
    }
    for (ClientQueue client : clients.values()) {
      for (SessionQueue session : client.sessions.values()) {
        onChanged(client, session);
        startClocks(client, session);
      }
    }
  }

  private void markChosen(Request request) {
    ClientQueue client = clients.get(request.client());
    SessionQueue session = client == null ? null : client.sessions.get(request.session());
    if (session != null) {
      session.markProposed(request.timestamp());
      count(client, session);
    }
  }

  /** The request whose wait began first among those the primary answers for, or null. */
  public AuthenticatedRequest oldest() {
    SessionQueue.Pending first = first();
    return first == null ? null : first.request();
  }

  /**
   * Since when the primary owes {@link #oldest} its execution, in milliseconds since the epoch: as
   * in the paper (OSDI'99, section 4.4) time in which those before it were executed does not count,
   * or load would depose a primary. Seven request timeouts of it at the most: those before it may
   * be accomplices', executed one just before each timeout.
   */
  public long oldestSince() {
    long since = first().timedSince();
    long most = (PATIENCE_TIMEOUTS - 1) * context.config().requestTimeoutMillis();
    return Math.min(Math.max(since, movedOnAt), since + most);
  }

  /**
   * Since when this replica waits for a request that the primary answers for, in milliseconds since
   * the epoch, without the time that large operations proposed meanwhile took to get here; {@link
   * Long#MAX_VALUE} when it does not.
   */
  long waitsSince(Request request) {
    SessionQueue session = session(request);
    return session == null ? Long.MAX_VALUE : session.waitsSince(request, acceptedBytes);
  }

  /** Whether the next request of its session is here, and says that this one's answer is known. */
  public boolean isAcknowledged(Request request) {
    SessionQueue session = session(request);
    SessionQueue.Pending next = session == null ? null : session.get(request.timestamp() + 1);
    return next != null && next.request().request().acknowledged() > request.timestamp();
  }

  /** About how many requests wait that the primary answers for. */
  int timedCount() {
    return timed.size();
  }

  /**
   * Hands out, once each and the oldest first, the requests that the primary answers for and that
   * have waited since then or longer.
   *
   * @param limit how many at most
   * @param limitBytes bytes of their operations at most, but one request always
   * @return since when the first that is left waits; the current time when none is
   */
  public long remind(
      long waitingSince, int limit, long limitBytes, Consumer<AuthenticatedRequest> action) {
    int left = limit;
    long bytes = 0;
    for (SessionQueue.Pending pending : timed) {
      if (pending.isReminded() || isOver(pending)) {
        continue;
      }
      bytes += pending.request().request().operation().length;
      boolean first = left == limit;
      if (left-- == 0 || (bytes > limitBytes && !first) || pending.timedSince() > waitingSince) {
        return pending.timedSince();
      }
      pending.setReminded();
      action.accept(pending.request());
    }
    return context.now();
  }

  private SessionQueue.Pending first() {
    dropDone();
    return timed.peek();
  }

  /** Also at a primary, which never asks for the oldest: else it would keep all it has executed. */
  private void dropDone() {
    SessionQueue.Pending head = timed.peek();
    while (head != null && isOver(head)) {
      timed.remove();
      head = timed.peek();
    }
  }

  private boolean isOver(SessionQueue.Pending pending) {
    Request request = pending.request().request();
    return pending.isDone() || table.isExpired(request.client(), request.session());
  }

  /** The requests that wait, each session's in order, at most {@code limit}. */
  public void forEachWaiting(int limit, Consumer<AuthenticatedRequest> action) {
    int left = limit;
    for (Map.Entry<Integer, ClientQueue> client : clients.entrySet()) {
      for (SessionQueue session : client.getValue().sessions.values()) {
        for (SessionQueue.Pending pending : session.inOrder()) {
          if (left-- <= 0) {
            return;
          }
          action.accept(pending.request());
        }
      }
    }
  }
}
