package io.pbft.client;

import io.pbft.client.core.ClientEvent;
import java.util.concurrent.CompletableFuture;

/** An operation whose future is open. */
final class Pending<T> {
  /** The event that starts the operation, at a time. */
  interface Start {
    ClientEvent at(long millis, long opId);
  }

  final long opId;
  final Start start;
  final CompletableFuture<T> future = new CompletableFuture<>();

  /** It ended by the protocol, not by the user's cancelling or timing out the future. */
  private volatile boolean answered;

  Pending(long opId, Start start) {
    this.opId = opId;
    this.start = start;
  }

  /** Runs the task when the user cancels the future or lets it time out, or has done so. */
  void whenGivenUp(Runnable task) {
    CompletableFuture<T> unused =
        future.whenComplete(
            (value, failure) -> {
              if (!answered) {
                task.run();
              }
            });
  }

  void complete(T value) {
    answered = true;
    future.complete(value);
  }

  void fail(RuntimeException cause) {
    answered = true;
    future.completeExceptionally(cause);
  }
}
