package io.pbft.client;

import io.pbft.client.core.ClientObservation;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts refusals by reason, and passes observations on. Thread safe. */
final class Refusals {
  // Filled here and never changed after, so that threads may share it.
  private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
  private final ClientListener listener;

  Refusals(ClientListener listener) {
    this.listener = listener;
    for (Reason reason : Reason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  void observe(ClientObservation observation) {
    if (observation instanceof ClientObservation.Refused refused) {
      counts.get(refused.reason()).increment();
    }
    listener.onObservation(observation);
  }

  /** {@code type} is null and {@code replica} is -1 while unknown. */
  void refuse(Reason reason, MessageType type, int replica) {
    observe(new ClientObservation.Refused(reason, type, replica));
  }

  /** The reasons that were counted, in the order of the enum. */
  Map<Reason, Long> counted() {
    Map<Reason, Long> counted = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      long count = counts.get(reason).sum();
      if (count > 0) {
        counted.put(reason, count);
      }
    }
    return counted;
  }
}
