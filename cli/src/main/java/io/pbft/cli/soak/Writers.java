package io.pbft.cli.soak;

import io.pbft.examples.kv.KvClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Writers that each have one write in flight, of a key never used before, and remember which were
 * acknowledged. Thread safe.
 */
final class Writers {
  private final KvClient store;
  private final String prefix;
  private final ConcurrentMap<String, String> acknowledged = new ConcurrentHashMap<>();
  private final List<CompletableFuture<Void>> ends = new ArrayList<>();
  private volatile boolean stopping;
  private long lastAnswerAt = System.nanoTime();
  private long longestPause;
  private int withoutResult;
  private long awaitedFrom = Long.MAX_VALUE;
  private CompletableFuture<Void> awaited = new CompletableFuture<>();

  /** Starts to write keys that begin with the prefix. */
  Writers(KvClient store, String prefix, int lanes) {
    this.store = store;
    this.prefix = prefix;
    for (int lane = 0; lane < lanes; lane++) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      ends.add(end);
      write(lane, 0, end);
    }
  }

  /** The chain of a lane's writes; runs on the client's owner thread. */
  private void write(int lane, int number, CompletableFuture<Void> end) {
    if (stopping) {
      end.complete(null);
      return;
    }
    String key = prefix + lane + "/" + number;
    String value = "value of " + key;
    long submittedAt = System.nanoTime();
    CompletableFuture<Void> unused =
        store
            .put(key, value)
            .whenComplete(
                (ok, failure) -> {
                  if (failure == null) {
                    acknowledged.put(key, value);
                    answered(submittedAt);
                  } else {
                    failed();
                  }
                  write(lane, number + 1, end);
                });
  }

  private synchronized void answered(long submittedAt) {
    long now = System.nanoTime();
    longestPause = Math.max(longestPause, now - lastAnswerAt);
    lastAnswerAt = now;
    if (submittedAt >= awaitedFrom) {
      awaited.complete(null);
    }
  }

  private synchronized void failed() {
    withoutResult++;
  }

  /** Done when a write that begins from now on has been acknowledged. */
  synchronized CompletableFuture<Void> nextAcknowledgement() {
    awaitedFrom = System.nanoTime();
    awaited = new CompletableFuture<>();
    return awaited;
  }

  /** Begins no more writes; done when none is in flight. */
  CompletableFuture<Void> stop() {
    stopping = true;
    return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new));
  }

  /** Key to value of each acknowledged write. */
  Map<String, String> acknowledged() {
    return acknowledged;
  }

  /** Writes of which the client could not tell whether they were carried out. */
  synchronized int withoutResult() {
    return withoutResult;
  }

  /** The longest time without any acknowledgement so far, in milliseconds. */
  synchronized long longestPauseMillis() {
    return longestPause / 1_000_000;
  }
}
