package io.pbft.core.spi;

import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;

/**
 * Authenticated links between this principal and others: bytes in, bytes out. Sending never blocks
 * and never fails: what cannot be sent is dropped, and the protocol's status exchange makes up for
 * it. All methods may be called from any thread.
 */
public interface Transport extends AutoCloseable {
  /** Receives from links. Called from the transport's threads; in order for each peer. */
  interface Listener {
    /**
     * A payload that the link's MAC authenticates as the peer's. The array is the listener's only
     * during the call.
     */
    void onPayload(Principal peer, long session, byte[] buffer, int offset, int length);

    /**
     * What was read together has been handed over: nothing follows at once. Comes after every
     * {@link #onPayload} or several of them, from the same thread; the time for what is better done
     * once for many, and what takes its time.
     */
    default void onBurstEnd() {}

    /** A link has finished its handshake. Comes before its first payload. */
    void onConnected(Session session);

    /**
     * The principal's link is gone. Not called for a link that a newer one of the same peer
     * replaced.
     */
    void onDisconnected(Principal peer, long session);

    /** A link or a frame was refused. {@code peer} is null while unknown. */
    void onRefused(Principal peer, Reason reason, String detail);
  }

  /** Queues a payload to a replica. */
  void sendToReplica(int replica, byte[] payload);

  /** Queues a payload to a client's session. */
  void sendToClient(int client, long session, byte[] payload);

  /**
   * What a client sent was refused, or had come before. Who sends such things too often, or too
   * many bytes of them, is not read from for a while, so that a flood costs its sender more than
   * those who refuse it.
   *
   * @param bytes the payload's length
   */
  default void countRefusal(int client, int bytes) {}

  /** Lets everything queued so far go out; callers flush once after a burst of sends. */
  void flush();

  /**
   * Has {@link Listener#onBurstEnd} called soon on the thread that would write what is sent there,
   * once for all who ask until then.
   *
   * @return false when this transport has no such thread; nothing is called then
   */
  default boolean requestBurstEnd() {
    return false;
  }

  /** Replicas with an authenticated link at the moment. */
  int replicasConnected();

  @Override
  void close();
}
