package io.pbft.client.core;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Questions to single replicas. One that is not connected is asked as soon as it is. */
final class StatusQueries {
  private record Query(long opId, int replica, StatusQuery message) {}

  private final ClientConfig config;
  private final Links links;
  private final Outbox out;
  private final TreeMap<Long, Query> byNonce = new TreeMap<>();
  private final TreeMap<Long, Query> byId = new TreeMap<>();
  private long nextNonce = 1;

  StatusQueries(ClientConfig config, Links links, Outbox out) {
    this.config = config;
    this.links = links;
    this.out = out;
  }

  int size() {
    return byId.size();
  }

  boolean contains(long opId) {
    return byId.containsKey(opId);
  }

  void onQuery(long opId, int replica) {
    StatusQuery message = new StatusQuery(config.client(), nextNonce++);
    Query query = new Query(opId, replica, message);
    byNonce.put(message.nonce(), query);
    byId.put(opId, query);
    if (links.isConnected(replica)) {
      out.add(new ClientEffect.SendStatusQuery(replica, message));
    }
  }

  /** Asks, or asks again: what was sent over an earlier link may be lost. */
  void onConnected(int replica) {
    for (Query query : byNonce.values()) {
      if (query.replica() == replica) {
        out.add(new ClientEffect.SendStatusQuery(replica, query.message()));
      }
    }
  }

  void onReport(int sender, StatusReport report) {
    Query query = byNonce.get(report.nonce());
    if (query == null || query.replica() != sender) {
      out.refuse(Reason.NOT_ASKED_FOR, MessageType.STATUS_REPORT, sender);
      return;
    }
    remove(query);
    out.add(new ClientEffect.StatusReceived(query.opId(), report));
  }

  void onAbandon(long opId) {
    Query query = byId.get(opId);
    if (query != null) {
      remove(query);
    }
  }

  private void remove(Query query) {
    byNonce.remove(query.message().nonce());
    byId.remove(query.opId());
  }

  List<ClientEffect> expire() {
    List<ClientEffect> returned = new ArrayList<>();
    for (long opId : byId.keySet()) {
      returned.add(new ClientEffect.Returned(opId));
    }
    byNonce.clear();
    byId.clear();
    return returned;
  }
}
