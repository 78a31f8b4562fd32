package io.pbft.client.core;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import java.util.ArrayList;
import java.util.List;

/** Gathers the effects of one step. */
final class Outbox {
  private List<ClientEffect> effects = new ArrayList<>();

  void add(ClientEffect effect) {
    effects.add(effect);
  }

  void observe(ClientObservation observation) {
    effects.add(new ClientEffect.Observe(observation));
  }

  void refuse(Reason reason, MessageType type, int replica) {
    observe(new ClientObservation.Refused(reason, type, replica));
  }

  List<ClientEffect> drain() {
    List<ClientEffect> drained = effects;
    effects = new ArrayList<>();
    return drained;
  }
}
