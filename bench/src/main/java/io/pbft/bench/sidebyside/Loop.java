package io.pbft.bench.sidebyside;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Keeps a number of operations in flight: each answer is followed by the next operation at once.
 */
final class Loop {
  private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);
  private static final int DIGITS = 3;

  private final byte[] operation;
  private final int outstanding;
  private final Semaphore idle = new Semaphore(0);
  private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean measuring;
  private volatile boolean stopping;

  /** The operations are shared among the targets. */
  Loop(List<Target> targets, byte[] operation, int outstanding) {
    this.operation = operation;
    this.outstanding = outstanding;
    for (int i = 0; i < outstanding; i++) {
      next(targets.get(i % targets.size()));
    }
  }

  private void next(Target target) {
    if (stopping || failure.get() != null) {
      idle.release();
      return;
    }
    boolean counts = measuring;
    long begun = System.nanoTime();
    var unused =
        target
            .invoke(operation)
            .whenComplete(
                (answer, cause) -> {
                  if (cause != null) {
                    failure.compareAndSet(null, cause);
                  } else if (counts && measuring) {
                    long took = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun);
                    micros.recordValue(Math.min(took, LONGEST_MICROS));
                  }
                  next(target);
                });
  }

  /** Microseconds of all operations that began and ended within so many seconds from now. */
  Histogram measure(int seconds) throws InterruptedException {
    measuring = true;
    TimeUnit.SECONDS.sleep(seconds);
    measuring = false;
    return micros;
  }

  /**
   * Starts nothing more, and waits for what is in flight.
   *
   * @throws IllegalStateException if an operation failed, or is not answered within a minute
   */
  void stop() throws InterruptedException {
    stopping = true;
    boolean answered = idle.tryAcquire(outstanding, 1, TimeUnit.MINUTES);
    if (failure.get() != null) {
      throw new IllegalStateException("an operation failed", failure.get());
    }
    if (!answered) {
      throw new IllegalStateException("operations are not answered within a minute");
    }
  }
}
