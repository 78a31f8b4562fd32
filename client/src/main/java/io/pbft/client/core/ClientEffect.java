package io.pbft.client.core;

import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.message.StatusQuery;
import io.pbft.core.message.StatusReport;

/** What a client wants done; carried out in order. */
public sealed interface ClientEffect {
  /** Something that sends a request. */
  sealed interface Transmission extends ClientEffect {
    /** The operation that the request carries, one that still waits for its result. */
    long opId();

    Request request();

    /** Whether to authenticate it by a signature rather than by MACs. */
    boolean signed();

    boolean fullReplies();
  }

  /** Send a request to one replica. */
  record SendRequest(int to, long opId, Request request, boolean signed, boolean fullReplies)
      implements Transmission {}

  /** Send a request to every replica that is connected. */
  record BroadcastRequest(long opId, Request request, boolean signed, boolean fullReplies)
      implements Transmission {}

  record SendRead(int to, ReadRequest read) implements ClientEffect {}

  record SendStatusQuery(int to, StatusQuery query) implements ClientEffect {}

  /**
   * The operation has a proven result, of outcome {@code OK} or {@code FAILED}; of a stale read,
   * one replica's word.
   */
  record Completed(long opId, Result result) implements ClientEffect {}

  record StatusReceived(long opId, StatusReport report) implements ClientEffect {}

  record Failed(long opId, ClientFailure failure) implements ClientEffect {}

  /**
   * The session has ended, and nothing was done for this operation: give it to the next session.
   * Comes after {@link SessionExpired}, in the order in which the operations would have been sent.
   */
  record Returned(long opId) implements ClientEffect {}

  /** The replicas have forgotten this session: a higher-numbered one is needed, on new links. */
  record SessionExpired() implements ClientEffect {}

  /**
   * Fire {@link ClientEvent.TimerFired} with this generation after the delay; replaces the kind's
   * earlier timer.
   */
  record Arm(ClientTimer kind, long generation, long delayMillis) implements ClientEffect {}

  record Cancel(ClientTimer kind) implements ClientEffect {}

  /** Something worth counting, logging or drawing. */
  record Observe(ClientObservation observation) implements ClientEffect {}
}
