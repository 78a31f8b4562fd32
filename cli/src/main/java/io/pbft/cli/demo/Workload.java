package io.pbft.cli.demo;

import io.pbft.examples.kv.KvClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client at work: each lane writes a new key, then reads an older one of its own and compares,
 * and so on, one operation at a time. Everything acknowledged is remembered.
 */
final class Workload {
  private static final int LANES = 8;

  private final KvClient store;
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong operations = new AtomicLong();
  private final List<String> wrong = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();
  private volatile boolean stopping;
  private long startedAt;
  private long lastAnswerAt;
  private long longestPause;
  private long longestPauseOfPhase;

  Workload(KvClient store) {
    this.store = store;
  }

  void start() {
    startedAt = System.nanoTime();
    lastAnswerAt = startedAt;
    for (int i = 0; i < LANES; i++) {
      Lane lane = new Lane(i);
      lanes.add(lane);
      lane.write();
    }
  }

  /** Submits nothing more; done when everything in flight is answered. */
  CompletableFuture<Void> stop() {
    stopping = true;
    return CompletableFuture.allOf(
        lanes.stream().map(lane -> lane.done).toArray(CompletableFuture<?>[]::new));
  }

  /** Operations without an answer yet. */
  long open() {
    return lanes.stream().filter(lane -> !lane.current.isDone()).count();
  }

  long operations() {
    return operations.get();
  }

  /** Key to value of every acknowledged write. */
  Map<String, String> acknowledged() {
    return Map.copyOf(acknowledged);
  }

  /** Reads that contradicted an acknowledged write, and operations without a result. */
  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** The longest time without any answer, milliseconds, since the last call of this method. */
  synchronized long takeLongestPauseMillis() {
    notePause();
    long pause = longestPauseOfPhase;
    longestPauseOfPhase = 0;
    return pause / 1_000_000;
  }

  synchronized long longestPauseMillis() {
    return longestPause / 1_000_000;
  }

  /** Seconds from the start to the last answer. */
  synchronized double seconds() {
    return (lastAnswerAt - startedAt) / 1e9;
  }

  private synchronized void notePause() {
    long pause = System.nanoTime() - lastAnswerAt;
    longestPause = Math.max(longestPause, pause);
    longestPauseOfPhase = Math.max(longestPauseOfPhase, pause);
  }

  private synchronized void answered() {
    notePause();
    lastAnswerAt = System.nanoTime();
    operations.incrementAndGet();
  }

  private synchronized void complain(String what) {
    wrong.add(what);
  }

  /** Its methods run on the client's owner thread, but for the first. */
  private final class Lane {
    private final int number;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final SplittableRandom random;
    private int written;

    /** What it waits for. */
    private volatile CompletableFuture<?> current = CompletableFuture.completedFuture(null);

    Lane(int number) {
      this.number = number;
      this.random = new SplittableRandom(number);
    }

    void write() {
      if (stopping) {
        done.complete(null);
        return;
      }
      String key = key(written);
      String value = "value-" + Long.toHexString(random.nextLong());
      current =
          store
              .put(key, value)
              .whenComplete(
                  (ok, failure) -> {
                    if (failure != null) {
                      fail("write of " + key, failure);
                      return;
                    }
                    answered();
                    acknowledged.put(key, value);
                    written++;
                    read();
                  });
    }

    private void read() {
      if (stopping) {
        done.complete(null);
        return;
      }
      String key = key(random.nextInt(written));
      String expected = acknowledged.get(key);
      current =
          store
              .get(key)
              .whenComplete(
                  (value, failure) -> {
                    if (failure != null) {
                      fail("read of " + key, failure);
                      return;
                    }
                    answered();
                    compare(key, expected, value);
                    write();
                  });
    }

    private void compare(String key, String expected, Optional<String> value) {
      if (!value.equals(Optional.of(expected))) {
        complain(key + " was read as " + value.orElse("nothing") + " instead of " + expected);
      }
    }

    private void fail(String what, Throwable failure) {
      complain(what + " failed: " + failure);
      done.complete(null);
    }

    private String key(int index) {
      return "lane-" + number + "/" + index;
    }
  }
}
