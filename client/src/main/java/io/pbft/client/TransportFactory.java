package io.pbft.client;

import io.pbft.core.spi.Transport;
import java.util.concurrent.ScheduledExecutorService;

/** Opens links to all replicas for the sessions of one client, one after the other. */
@FunctionalInterface
public interface TransportFactory extends AutoCloseable {
  /**
   * Starts connecting, and goes on reconnecting until the transport is closed. Does not wait for
   * links, and may call the listener before it returns.
   *
   * @param session the number that the handshakes name; higher at each call
   */
  Transport open(long session, Transport.Listener listener);

  /**
   * The one thread that all its transports call their listeners on, if there is one that may run
   * the client as well: then nothing changes threads between a reply and the next operation.
   * Otherwise null. Asked once, before the first is opened.
   */
  default ScheduledExecutorService thread() {
    return null;
  }

  /** After all transports: frees what they had in common. May be called on {@link #thread}. */
  @Override
  default void close() {}
}
