package io.pbft.core.driver;

import io.pbft.core.Observation;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;

/** Keeps what a listener throws away from the thread that calls it. */
final class SafeListener implements ReplicaListener {
  private final ReplicaListener listener;

  SafeListener(ReplicaListener listener) {
    this.listener = listener;
  }

  @Override
  public void onStarted() {
    guard(listener::onStarted);
  }

  @Override
  public void onObservation(Observation observation) {
    guard(() -> listener.onObservation(observation));
  }

  @Override
  public void onRefused(Reason reason, MessageType type, Principal peer, String detail) {
    guard(() -> listener.onRefused(reason, type, peer, detail));
  }

  @Override
  public void onLinkRefused(Reason reason, Principal peer, String detail) {
    guard(() -> listener.onLinkRefused(reason, peer, detail));
  }

  @Override
  public void onConnected(Principal peer, long session) {
    guard(() -> listener.onConnected(peer, session));
  }

  @Override
  public void onDisconnected(Principal peer, long session) {
    guard(() -> listener.onDisconnected(peer, session));
  }

  @Override
  public void onStopped() {
    guard(listener::onStopped);
  }

  @Override
  public void onFailed(Throwable failure) {
    guard(() -> listener.onFailed(failure));
  }

  private static void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      report(e);
    }
  }

  /** To whoever hears of what this thread does not survive, though it does. */
  static void report(RuntimeException bug) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, bug);
  }
}
