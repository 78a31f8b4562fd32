package io.pbft.client.core;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;

/** What a client noticed; metrics, logs and traces listen. Carries no duty. */
public sealed interface ClientObservation {
  /** Something a replica said was refused; {@code type} is null when the bytes do not even say. */
  record Refused(Reason reason, MessageType type, int replica) implements ClientObservation {}

  /**
   * A request was sent again, to all replicas.
   *
   * @param transmission 2 for the first retransmission
   */
  record Retransmitted(long timestamp, int transmission, boolean fullReplies)
      implements ClientObservation {}

  /** Replicas are too busy for a request. */
  record BackedOff(long timestamp, long delayMillis) implements ClientObservation {}

  /** A fast read found no quorum that agrees and becomes an ordered one. */
  record ReadFellBack(long nonce) implements ClientObservation {}

  /** {@code f+1} replicas are in this view or a later one. */
  record ViewBelieved(long view, int primary) implements ClientObservation {}
}
