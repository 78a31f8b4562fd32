package io.pbft.bench.process;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How fast the processors are while something else runs on them: what a fixed piece of work takes
 * there, twenty times a second. A virtual processor that shares a real one's units with somebody
 * else's is slower without any time being stolen.
 */
public final class Pace implements AutoCloseable {
  private static final int PAUSE_MILLIS = 50;
  private static final int MOST = 100_000;
  private static final byte[] WORK = new byte[64 * 1024];

  private final AtomicBoolean over = new AtomicBoolean();
  private final long[] nanos = new long[MOST];
  private final Thread thread = new Thread(this::run, "pace");
  private final CountDownLatch first = new CountDownLatch(1);
  private int count;

  private Pace() {}

  /** Begins to look. */
  public static Pace start() {
    Pace pace = new Pace();
    pace.thread.setDaemon(true);
    pace.thread.start();
    return pace;
  }

  /**
   * Ends it.
   *
   * @return the median of the processor time that SHA-256 of 64 KiB took, in microseconds; NaN when
   *     it was never done
   */
  public double end() throws InterruptedException {
    over.set(true);
    thread.interrupt();
    thread.join();
    return median(nanos, count);
  }

  /** Of the first {@code count}, in microseconds. */
  static double median(long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0 ? Double.NaN : sorted[count / 2] / 1e3;
  }

  /** For tests: waits until the work has been done once. */
  void awaitFirst() throws InterruptedException {
    first.await();
  }

  @Override
  public void close() {
    over.set(true);
    thread.interrupt();
  }

  private void run() {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      while (!over.get() && count < MOST) {
        long begin = times.getCurrentThreadCpuTime();
        sha.digest(WORK);
        nanos[count] = times.getCurrentThreadCpuTime() - begin;
        count++;
        first.countDown();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      // The end.
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
