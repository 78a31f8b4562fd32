package io.pbft.node;

import io.pbft.core.Observation;
import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.crypto.Principal;
import java.util.List;
import java.util.function.Consumer;

/** Tells several listeners, in order. What one throws keeps the later ones from hearing it. */
final class Listeners implements ReplicaListener {
  private final List<ReplicaListener> all;

  Listeners(ReplicaListener... all) {
    this.all = List.of(all);
  }

  private void each(Consumer<ReplicaListener> call) {
    all.forEach(call);
  }

  @Override
  public void onStarted() {
    each(ReplicaListener::onStarted);
  }

  @Override
  public void onObservation(Observation observation) {
    each(listener -> listener.onObservation(observation));
  }

  @Override
  public void onRefused(Reason reason, MessageType type, Principal peer, String detail) {
    each(listener -> listener.onRefused(reason, type, peer, detail));
  }

  @Override
  public void onLinkRefused(Reason reason, Principal peer, String detail) {
    each(listener -> listener.onLinkRefused(reason, peer, detail));
  }

  @Override
  public void onConnected(Principal peer, long session) {
    each(listener -> listener.onConnected(peer, session));
  }

  @Override
  public void onDisconnected(Principal peer, long session) {
    each(listener -> listener.onDisconnected(peer, session));
  }

  @Override
  public void onStopped() {
    each(ReplicaListener::onStopped);
  }

  @Override
  public void onFailed(Throwable failure) {
    each(listener -> listener.onFailed(failure));
  }
}
