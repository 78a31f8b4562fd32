package io.pbft.client;

import io.pbft.core.spi.Transport;

/** Opens links to all replicas for one session of a client. */
@FunctionalInterface
public interface TransportFactory {
  /**
   * Starts connecting, and goes on reconnecting until the transport is closed. Does not wait for
   * links, and may call the listener before it returns.
   *
   * @param session the number that the handshakes name; higher at each call
   */
  Transport open(long session, Transport.Listener listener);
}
