package io.pbft.lab.sim;

import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Message;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Principal;

/**
 * Sees everything that happens in a simulation, in order, on the thread that runs it. Times are
 * virtual microseconds since the start. Traitors are reported like everybody else: {@link
 * Simulation#isTraitor} tells them.
 */
public interface RunListener {
  /** A replica's core, or its door, noticed something. */
  default void onObservation(long atMicros, int replica, Observation observation) {}

  /** A message leaves its sender; it may yet be lost. */
  default void onSend(long atMicros, Principal from, Principal to, Message message) {}

  /**
   * As {@link #onSend(long, Principal, Principal, Message)}, with the bytes: shared, not a copy.
   */
  default void onSend(
      long atMicros, Principal from, Principal to, Message message, byte[] payload) {
    onSend(atMicros, from, to, message);
  }

  /**
   * A payload reaches its receiver, whose door has not looked at it yet. What the receiver reports
   * from here on at the same time, up to the next arrival or timer, follows from it.
   *
   * @param payload the same object that was sent, unless somebody tampered with it
   */
  default void onArrived(long atMicros, Principal from, Principal to, byte[] payload) {}

  /** A payload was lost on its way. */
  default void onLost(long atMicros, Principal from, Principal to, int type) {}

  /** As {@link #onLost(long, Principal, Principal, int)}, with the bytes. */
  default void onLost(long atMicros, Principal from, Principal to, int type, byte[] payload) {
    onLost(atMicros, from, to, type);
  }

  /** A replica has set a timer, in place of an earlier one of the kind. */
  default void onArmed(long atMicros, int replica, TimerKind kind, long delayMicros) {}

  /** A replica has no such timer any more, whether it had one or not. */
  default void onCancelled(long atMicros, int replica, TimerKind kind) {}

  /** A replica's timer has run out. */
  default void onFired(long atMicros, int replica, TimerKind kind) {}

  /** A message has arrived at a replica, and its author is proven. */
  default void onAdmitted(long atMicros, int replica, Verified<? extends Message> message) {}

  /** A replica executed the request at a position of a batch, counted from 0. */
  default void onExecuted(
      long atMicros, int replica, long sequence, int index, Request request, Result result) {}

  /** A fetched state has replaced a replica's own. */
  default void onInstalled(long atMicros, int replica, long sequence) {}

  /** A replica has taken one step and its effects are under way. */
  default void onStep(long atMicros, int replica) {}

  /** A replica's life has ended. */
  default void onStopped(long atMicros, int replica) {}

  /** A replica's later life begins, at the state of this sequence number. */
  default void onRestarted(long atMicros, int replica, long sequence) {}

  /** A replica's later life begins without its memory. */
  default void onForgotten(long atMicros, int replica) {}

  /** A correct client has asked for an operation. */
  default void onInvoked(long atMicros, Invocation invocation) {}

  /**
   * A client has accepted a result.
   *
   * @param invocation the same object that {@link #onInvoked} had
   */
  default void onCompleted(long atMicros, Invocation invocation, Result result) {}

  /** A client has given an operation up: it may yet be executed. */
  default void onFailed(long atMicros, Invocation invocation, String why) {}
}
