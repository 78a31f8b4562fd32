package io.pbft.core.driver;

import io.pbft.core.Observation;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;

/**
 * Hears what a replica does, for logs and metrics. Methods must be quick and must not call back
 * into the replica, except for closing it from another thread. What they throw goes to the thread's
 * handler of uncaught exceptions, and the replica goes on.
 *
 * <p>Order: {@link #onStarted} first; then observations, from one thread at a time and in the order
 * of the core's effects; at last one of {@link #onStopped} and {@link #onFailed}. The methods about
 * links and refusals come from the transport's threads, at any time, even before {@link
 * #onStarted}.
 */
public interface ReplicaListener {
  /** Hears nothing. */
  ReplicaListener NONE = new ReplicaListener() {};

  /** The core has taken its first event. */
  default void onStarted() {}

  /** The core noticed something. */
  default void onObservation(Observation observation) {}

  /**
   * A message was refused before it reached the core.
   *
   * @param type null when not even that is known
   * @param detail more words, may be empty
   */
  default void onRefused(Reason reason, MessageType type, Principal peer, String detail) {}

  /**
   * A link or a frame was refused.
   *
   * @param peer null while unknown
   */
  default void onLinkRefused(Reason reason, Principal peer, String detail) {}

  default void onConnected(Principal peer, long session) {}

  default void onDisconnected(Principal peer, long session) {}

  /** The replica was closed. */
  default void onStopped() {}

  /**
   * The replica stopped itself: a bug in the core, a state machine that can't snapshot or restore,
   * a journal that can't write, or a virtual machine out of memory. It does not vote on a state it
   * can't trust.
   */
  default void onFailed(Throwable failure) {}
}
