package io.pbft.client.core;

import io.pbft.core.message.Message;
import io.pbft.core.message.Request;
import io.pbft.core.validation.Verified;

/**
 * What can happen to a client. {@code at}: the driver's clock in milliseconds, which never runs
 * backwards. {@code opId}: the driver's name for an operation, unique among those not yet finished.
 */
public sealed interface ClientEvent {
  long at();

  /** The user wants an operation ordered and executed. {@code operation} must not change later. */
  record Invoke(long at, long opId, Request.Kind kind, byte[] operation) implements ClientEvent {}

  /**
   * The user wants an unordered read.
   *
   * @param fast true: linearizable, from a quorum; false: stale, from any one replica
   */
  record Read(long at, long opId, boolean fast, byte[] operation) implements ClientEvent {}

  /** The user wants to read the state as one replica has it. */
  record ReadFrom(long at, long opId, int replica, byte[] operation) implements ClientEvent {}

  /** The user wants to know how one replica sees itself. */
  record QueryStatus(long at, long opId, int replica) implements ClientEvent {}

  /**
   * The user no longer waits. What was sent stays in the session until it is executed, for later
   * timestamps are executed only after it; but nothing is reported of it any more.
   */
  record Abandon(long at, long opId) implements ClientEvent {}

  record Delivered(long at, Verified<? extends Message> message) implements ClientEvent {}

  /** There is an authenticated link to the replica, perhaps in place of an earlier one. */
  record Connected(long at, int replica) implements ClientEvent {}

  /** The replica's link is gone. */
  record Disconnected(long at, int replica) implements ClientEvent {}

  /** A timer's time has come; a generation other than the last armed one is stale and ignored. */
  record TimerFired(long at, ClientTimer kind, long generation) implements ClientEvent {}
}
