package io.pbft.cli.bench;

import io.pbft.client.PbftClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Keeps a number of operations in flight on each of a few sessions: each answer is followed by the
 * next operation at once, from the session's own thread.
 */
final class ClosedLoop {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
  private static final int DIGITS = 3;
  private static final Executor AFTER_A_FAILURE =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private final byte[] operation;
  private final List<Session> sessions = new ArrayList<>();
  private final Semaphore idle = new Semaphore(0);
  private int flights;
  private volatile boolean measuring;
  private volatile boolean stopping;

  ClosedLoop(byte[] operation) {
    this.operation = operation;
  }

  /** One session's share; its fields belong to the session's thread, apart from the last look. */
  private final class Session {
    private final PbftClient client;
    private final Histogram micros = new Histogram(LONGEST_MICROS, DIGITS);
    private final Map<String, Long> errors = new TreeMap<>();

    Session(PbftClient client) {
      this.client = client;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a failure is counted in ended()
    void next() {
      if (stopping) {
        idle.release();
        return;
      }
      boolean counts = measuring;
      long begun = System.nanoTime();
      client.invoke(operation).whenComplete((answer, failure) -> ended(begun, counts, failure));
    }

    private synchronized void ended(long begun, boolean counts, Throwable failure) {
      if (counts && measuring) {
        long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun);
        if (failure == null) {
          micros.recordValue(Math.min(took, LONGEST_MICROS));
        } else {
          errors.merge(reason(failure), 1L, Long::sum);
        }
      }
      if (failure == null) {
        next();
      } else {
        // A refusal may come at once, and so would the next.
        AFTER_A_FAILURE.execute(this::next);
      }
    }

    private static String reason(Throwable failure) {
      return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private synchronized void collect(Histogram all, Map<String, Long> allErrors) {
      all.add(micros);
      errors.forEach((error, count) -> allErrors.merge(error, count, Long::sum));
    }
  }

  /** Starts so many operations on a session. */
  void start(PbftClient client, int outstanding) {
    Session session = new Session(client);
    sessions.add(session);
    flights += outstanding;
    for (int i = 0; i < outstanding; i++) {
      session.next();
    }
  }

  /** From now on operations that start are counted, until {@link #endMeasuring}. */
  void beginMeasuring() {
    measuring = true;
  }

  void endMeasuring() {
    measuring = false;
  }

  /** What was counted: latencies in microseconds, and why operations failed. */
  Histogram results(Map<String, Long> errors) {
    Histogram all = new Histogram(LONGEST_MICROS, DIGITS);
    sessions.forEach(session -> session.collect(all, errors));
    return all;
  }

  /** Starts nothing more, and waits for what is in flight, but not for ever. */
  boolean stop(long millis) throws InterruptedException {
    stopping = true;
    return idle.tryAcquire(flights, millis, TimeUnit.MILLISECONDS);
  }
}
