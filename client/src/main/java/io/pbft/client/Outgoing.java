package io.pbft.client;

import io.pbft.client.core.ClientEffect;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.RequestMacs;
import io.pbft.core.validation.Sealer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * What a client sends in one turn of its owner. It goes out at the turn's end, in its order, and
 * its requests are signed together: where they must be signed, making and checking signatures is
 * nearly all that an operation costs. Nothing waits for others to come; those that come while a
 * signature is being made go with the next. The owner's.
 */
final class Outgoing {
  private final Sealer sealer;
  private final List<ClientEffect> effects = new ArrayList<>();

  Outgoing(Sealer sealer) {
    this.sealer = sealer;
  }

  /** Takes the effect if it sends something; else returns false. */
  boolean add(ClientEffect effect) {
    boolean sends =
        effect instanceof ClientEffect.Transmission
            || effect instanceof ClientEffect.SendRead
            || effect instanceof ClientEffect.SendStatusQuery;
    if (sends) {
      effects.add(effect);
    }
    return sends;
  }

  /** Forgets what has not been sent: it was meant for a session that is over. */
  void clear() {
    effects.clear();
  }

  /**
   * Sends all there is, and flushes.
   *
   * @param keys of the replicas that are connected
   */
  void send(Transport transport, RequestMacs keys) {
    if (effects.isEmpty()) {
      return;
    }
    List<ClientEffect> turn = List.copyOf(effects);
    effects.clear();
    Iterator<RequestAuthenticator.Signature> signatures = sealer.sign(signed(turn)).iterator();
    for (ClientEffect effect : turn) {
      if (effect instanceof ClientEffect.SendRequest e) {
        RequestAuthenticator proof = e.signed() ? signatures.next() : macs(e.request(), keys);
        transport.sendToReplica(e.to(), payload(e.request(), proof, e.fullReplies()));
      } else if (effect instanceof ClientEffect.BroadcastRequest e) {
        RequestAuthenticator proof = e.signed() ? signatures.next() : macs(e.request(), keys);
        broadcast(transport, keys, payload(e.request(), proof, e.fullReplies()));
      } else if (effect instanceof ClientEffect.SendRead e) {
        transport.sendToReplica(e.to(), sealer.payload(e.read()));
      } else if (effect instanceof ClientEffect.SendStatusQuery e) {
        transport.sendToReplica(e.to(), sealer.payload(e.query()));
      }
    }
    transport.flush();
  }

  private static List<Request> signed(List<ClientEffect> turn) {
    List<Request> requests = new ArrayList<>();
    for (ClientEffect effect : turn) {
      if (effect instanceof ClientEffect.Transmission e && e.signed()) {
        requests.add(e.request());
      }
    }
    return requests;
  }

  private RequestAuthenticator macs(Request request, RequestMacs keys) {
    return sealer.authenticate(request, keys);
  }

  private byte[] payload(Request request, RequestAuthenticator proof, boolean fullReplies) {
    return sealer.payload(
        new RequestMessage(new AuthenticatedRequest(request, proof), fullReplies));
  }

  private static void broadcast(Transport transport, RequestMacs keys, byte[] payload) {
    for (int replica = 0; replica < keys.n(); replica++) {
      if (keys.has(replica)) {
        transport.sendToReplica(replica, payload);
      }
    }
  }
}
