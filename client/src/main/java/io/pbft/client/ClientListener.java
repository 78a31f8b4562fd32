package io.pbft.client;

import io.pbft.client.core.ClientObservation;

/**
 * Hears what a client notices, for metrics and logs. Called from the owner thread and from the
 * transport's threads, also at once; must not block. What it throws goes to the thread's handler of
 * uncaught exceptions, or to the transport.
 */
public interface ClientListener {
  /** Hears nothing. */
  ClientListener NONE =
      new ClientListener() {
        @Override
        public void onObservation(ClientObservation observation) {}

        @Override
        public void onSession(long session) {}
      };

  void onObservation(ClientObservation observation);

  /** A session begins: the first, or one in place of a session that the replicas have forgotten. */
  void onSession(long session);
}
