package io.pbft.cli.demo;

import io.pbft.examples.kv.KvClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What came of reading everything acknowledged again, by ordered reads. Thread safe. */
final class ReadBack {
  private static final int IN_FLIGHT = 256;
  private static final int EXAMPLES = 5;
  private static final long ANSWER_SECONDS = 40;

  private final List<String> examples = new ArrayList<>();
  private int read;
  private int missing;
  private int wrong;
  private double seconds;

  private ReadBack() {}

  /** Reads each key and compares. */
  static ReadBack of(KvClient store, Map<String, String> expected) throws DemoFailure {
    ReadBack result = new ReadBack();
    long start = System.nanoTime();
    Semaphore permits = new Semaphore(IN_FLIGHT);
    List<CompletableFuture<Void>> compared = new ArrayList<>(expected.size());
    try {
      for (Map.Entry<String, String> entry : expected.entrySet()) {
        if (!permits.tryAcquire(ANSWER_SECONDS, TimeUnit.SECONDS)) {
          throw new DemoFailure("a read got no answer within " + ANSWER_SECONDS + " seconds");
        }
        compared.add(
            store
                .get(entry.getKey())
                .handle(
                    (value, failure) -> {
                      result.compare(entry.getKey(), entry.getValue(), value, failure);
                      permits.release();
                      return null;
                    }));
      }
      CompletableFuture.allOf(compared.toArray(CompletableFuture<?>[]::new))
          .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoFailure("the last reads got no answer: " + e, e);
    }
    result.seconds = (System.nanoTime() - start) / 1e9;
    return result;
  }

  private synchronized void compare(
      String key, String expected, Optional<String> value, Throwable failure) {
    if (failure != null) {
      wrong++;
      example(key + ": " + failure);
      return;
    }
    read++;
    if (value.isEmpty()) {
      missing++;
      example(key + " is missing");
    } else if (!value.get().equals(expected)) {
      wrong++;
      example(key + " is " + value.get() + " instead of " + expected);
    }
  }

  private void example(String what) {
    if (examples.size() < EXAMPLES) {
      examples.add(what);
    }
  }

  synchronized int read() {
    return read;
  }

  synchronized int missing() {
    return missing;
  }

  /** Different from what was acknowledged, or without an answer. */
  synchronized int wrong() {
    return wrong;
  }

  synchronized double seconds() {
    return seconds;
  }

  synchronized List<String> examples() {
    return List.copyOf(examples);
  }
}
