package io.pbft.net;

import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The authenticated links: one for each replica, and one for each session of a client. Looked up
 * from any thread, changed by the event loop.
 */
final class Links {
  private record ClientSession(int client, long session) {}

  private static final Comparator<Link> BY_LAST_PAYLOAD = Comparator.comparingLong(Link::payloadAt);

  private final TransportConfig config;
  private final Reports reports;
  private final int longestPayload;
  private final Link.Packing packing = new Link.Packing();
  private final Map<Integer, Link> replicas = new ConcurrentHashMap<>();
  private final Map<ClientSession, Link> clients = new ConcurrentHashMap<>();
  private final Map<Integer, ClientAccount> accounts = new ConcurrentHashMap<>();

  Links(TransportConfig config, Principal self, Reports reports) {
    this.config = config;
    this.reports = reports;
    int frameLimit =
        self.kind() == Principal.Kind.CLIENT ? config.clientFrameBytes() : config.frameBytes();
    this.longestPayload = frameLimit - Link.OVERHEAD;
  }

  /** The link with a replica, or null. */
  Link replica(int id) {
    return replicas.get(id);
  }

  /** The link with a client's session, or null. */
  Link client(int id, long session) {
    return clients.get(new ClientSession(id, session));
  }

  /** What a client's sessions share; null when it has none, and nothing is remembered of it. */
  ClientAccount account(int client) {
    return accounts.get(client);
  }

  int replicaCount() {
    return replicas.size();
  }

  /**
   * Makes the link of an authenticated connection. An older one of the same peer and session is
   * closed without a word to the listener; others may be closed to make room.
   */
  Link add(Connection connection, Session session, long now) {
    return session.peer().kind() == Principal.Kind.REPLICA
        ? addReplica(connection, session, now)
        : addClient(connection, session, now);
  }

  /** Forgets and closes a link. True when it was the current one of its peer. */
  boolean remove(Link link) {
    int id = link.peer().id();
    boolean current;
    if (link.peer().kind() == Principal.Kind.REPLICA) {
      current = replicas.remove(id, link);
    } else {
      current = clients.remove(new ClientSession(id, link.session().session()), link);
      ClientAccount account = accounts.get(id);
      if (account != null) {
        account.remove(link);
      }
    }
    link.close();
    return current;
  }

  /** Regularly, a look at the time. Accounts end here only: what is refused late counts, too. */
  void tick() {
    accounts.values().forEach(ClientAccount::tick);
    accounts.values().removeIf(ClientAccount::isOver);
  }

  private Link addReplica(Connection connection, Session session, long now) {
    Link link =
        new Link(
            session,
            connection,
            reports,
            longestPayload,
            new AtomicLong(),
            config.replicaQueueBytes(),
            packing,
            now);
    replace(replicas.put(session.peer().id(), link));
    return link;
  }

  private Link addClient(Connection connection, Session session, long now) {
    int id = session.peer().id();
    ClientSession key = new ClientSession(id, session.session());
    if (!clients.containsKey(key)) {
      makeRoom(id);
    }
    ClientAccount account = accounts.computeIfAbsent(id, client -> new ClientAccount(config));
    Link link =
        new Link(
            session,
            connection,
            reports,
            longestPayload,
            account.queuedBytes(),
            config.clientQueueBytes(),
            packing,
            now);
    account.add(link);
    replace(clients.put(key, link));
    return link;
  }

  private static void replace(Link older) {
    if (older != null) {
      older.connection().close("a newer link of " + older.peer() + " replaces it");
    }
  }

  private void makeRoom(int client) {
    ClientAccount account = accounts.get(client);
    if (account != null && account.links().size() >= config.linksPerClient()) {
      evictIdlest(account, "more than " + config.linksPerClient() + " sessions of one client");
    } else if (clients.size() >= config.clientLinks()) {
      // Of the client with the most: many sessions of a few do not push the others out.
      accounts.values().stream()
          .max(Comparator.comparingInt(candidate -> candidate.links().size()))
          .ifPresent(most -> evictIdlest(most, "more than " + config.clientLinks() + " sessions"));
    }
  }

  private static void evictIdlest(ClientAccount account, String why) {
    account.links().stream()
        .min(BY_LAST_PAYLOAD)
        .ifPresent(
            idlest ->
                idlest.connection().refuse(Reason.PEER_THROTTLED, why + ": the idlest gives way"));
  }
}
