package io.pbft.client.core;

import io.pbft.core.Quorums;
import io.pbft.core.message.Busy;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.StatusReport;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;
import java.util.List;

/**
 * One session of a client, as a pure function of the events it is given.
 *
 * <p>The driver's duties:
 *
 * <ol>
 *   <li>Call {@link #step} from one thread at a time. Events carry the driver's clock, which never
 *       runs backwards.
 *   <li>Carry the effects out in the order of the list, and the lists in the order of the steps.
 *       Those that send may wait for others that do, so that requests can be signed together, as
 *       long as nothing is sent before what was to be sent earlier.
 *   <li>Tell of each link that comes and goes, before the messages that came over it. A session's
 *       links are its own: their handshake named the session's number.
 *   <li>Each operation is answered by exactly one of {@link ClientEffect.Completed}, {@link
 *       ClientEffect.StatusReceived}, {@link ClientEffect.Failed} and {@link
 *       ClientEffect.Returned}, perhaps much later or never (the driver sets the deadlines), and by
 *       none after {@link ClientEvent.Abandon}.
 *   <li>After {@link ClientEffect.SessionExpired} this core is of no more use: whatever it is asked
 *       to do comes back with {@link ClientEffect.Returned}, and is the next session's to do.
 *   <li>Only a {@code Verified} message can be delivered; the one door that makes them is {@code
 *       Gatekeeper}. Messages may be lost, delayed, repeated and reordered.
 * </ol>
 *
 * <p>Bounds: {@link ClientConfig#capacity()} operations, for each at most one vote a replica, and
 * {@link ClientConfig#unprovenBytes()} of results in all.
 */
public final class ClientCore {
  private final ClientConfig config;
  private final Outbox out = new Outbox();
  private final Links links;
  private final ByteBudget budget;
  private final OrderedRequests requests;
  private final UnorderedReads reads;
  private final StatusQueries queries;
  private boolean expired;

  public ClientCore(ClientConfig config) {
    this(config, config.protocol().quorums());
  }

  /**
   * As the other, for tests of what the numbers of matching replies are good for.
   *
   * @param replies how many replies have to match: the weak number for an ordered result, the
   *     quorum for a fast read
   */
  public ClientCore(ClientConfig config, Quorums replies) {
    this.config = config;
    this.links = new Links(config.protocol().n());
    this.budget = new ByteBudget(config.unprovenBytes());
    ViewBelief views = new ViewBelief(config.protocol().quorums());
    this.requests = new OrderedRequests(config, replies, links, views, budget, out);
    this.reads =
        new UnorderedReads(
            config,
            replies,
            links,
            budget,
            out,
            (opId, operation, at) -> requests.onInvoke(opId, Request.Kind.READ, operation, at));
    this.queries = new StatusQueries(config, links, out);
  }

  /**
   * Takes one event in.
   *
   * @return what to do, in order
   * @throws IllegalArgumentException if an operation's name is taken, or a link names no replica:
   *     mistakes of the driver, never of a peer
   */
  public List<ClientEffect> step(ClientEvent event) {
    if (event instanceof ClientEvent.Delivered e) {
      onDelivered(e.message(), e.at());
    } else if (event instanceof ClientEvent.Invoke e) {
      onInvoke(e);
    } else if (event instanceof ClientEvent.Read e) {
      onRead(e);
    } else if (event instanceof ClientEvent.ReadFrom e) {
      onReadFrom(e);
    } else if (event instanceof ClientEvent.QueryStatus e) {
      onQueryStatus(e);
    } else if (event instanceof ClientEvent.Abandon e) {
      requests.onAbandon(e.opId());
      reads.onAbandon(e.opId());
      queries.onAbandon(e.opId());
    } else if (event instanceof ClientEvent.Connected e) {
      onConnected(e);
    } else if (event instanceof ClientEvent.Disconnected e) {
      onDisconnected(e);
    } else if (event instanceof ClientEvent.TimerFired e) {
      onTimer(e);
    }
    return out.drain();
  }

  /** Operations held, abandoned ones that were sent included. */
  public int operations() {
    return requests.size() + reads.size() + queries.size();
  }

  /** Bytes of results held that nothing proves yet. */
  public long unprovenBytes() {
    return budget.used();
  }

  private void onInvoke(ClientEvent.Invoke e) {
    if (mayStart(e.opId(), e.operation())) {
      requests.onInvoke(e.opId(), e.kind(), e.operation(), e.at());
    }
  }

  private void onRead(ClientEvent.Read e) {
    if (mayStart(e.opId(), e.operation())) {
      reads.onRead(e.opId(), e.fast(), e.operation(), e.at());
    }
  }

  private void onReadFrom(ClientEvent.ReadFrom e) {
    if (isReplica(e.opId(), e.replica()) && mayStart(e.opId(), e.operation())) {
      reads.onReadFrom(e.opId(), e.replica(), e.operation(), e.at());
    }
  }

  private boolean isReplica(long opId, int replica) {
    boolean is = replica >= 0 && replica < links.n();
    if (!is) {
      out.add(new ClientEffect.Failed(opId, ClientFailure.UNKNOWN_REPLICA));
    }
    return is;
  }

  private void onQueryStatus(ClientEvent.QueryStatus e) {
    if (isReplica(e.opId(), e.replica()) && mayStart(e.opId(), new byte[0])) {
      queries.onQuery(e.opId(), e.replica());
    }
  }

  /**
   * An operation that replicas would refuse for its length must not get a timestamp: all later ones
   * of the session would wait for it.
   */
  private boolean mayStart(long opId, byte[] operation) {
    if (requests.contains(opId) || reads.contains(opId) || queries.contains(opId)) {
      throw new IllegalArgumentException("operation " + opId + " is in flight already");
    }
    if (expired) {
      out.add(new ClientEffect.Returned(opId));
    } else if (operation.length > config.protocol().limits().operationBytes()) {
      out.add(new ClientEffect.Failed(opId, ClientFailure.TOO_LARGE));
    } else if (operations() >= config.capacity()) {
      out.add(new ClientEffect.Failed(opId, ClientFailure.OVERLOADED));
    } else {
      return true;
    }
    return false;
  }

  private void onConnected(ClientEvent.Connected e) {
    requireReplica(e.replica());
    links.connect(e.replica());
    requests.onConnected(e.replica(), e.at());
    reads.onConnected(e.at());
    queries.onConnected(e.replica());
  }

  private void onDisconnected(ClientEvent.Disconnected e) {
    requireReplica(e.replica());
    links.disconnect(e.replica());
    requests.onDisconnected(e.replica(), e.at());
    reads.onDisconnected(e.replica(), e.at());
  }

  private void requireReplica(int replica) {
    if (replica < 0 || replica >= links.n()) {
      throw new IllegalArgumentException("no replica " + replica + " among " + links.n());
    }
  }

  private void onTimer(ClientEvent.TimerFired e) {
    if (e.kind() == ClientTimer.REQUEST) {
      requests.onTimer(e.generation(), e.at());
    } else {
      reads.onTimer(e.generation(), e.at());
    }
  }

  /** Whose word it is follows from the link it came over, never from what the message says. */
  private void onDelivered(Verified<? extends Message> verified, long at) {
    Message message = verified.message();
    Principal sender = verified.sender();
    if (sender.kind() != Principal.Kind.REPLICA || sender.id() >= links.n()) {
      out.refuse(Reason.UNKNOWN_REPLICA, message.type(), sender.id());
    } else if (expired) {
      return;
    } else if (message instanceof Reply reply) {
      if (requests.onReply(sender.id(), reply, at)) {
        expire();
      }
    } else if (message instanceof ReadReply reply) {
      reads.onReply(sender.id(), reply, at);
    } else if (message instanceof Busy busy) {
      requests.onBusy(sender.id(), busy, at);
    } else if (message instanceof StatusReport report) {
      queries.onReport(sender.id(), report);
    } else {
      out.refuse(Reason.UNEXPECTED_TYPE, message.type(), sender.id());
    }
  }

  private void expire() {
    expired = true;
    out.add(new ClientEffect.SessionExpired());
    requests.expire().forEach(out::add);
    reads.expire().forEach(out::add);
    queries.expire().forEach(out::add);
  }
}
