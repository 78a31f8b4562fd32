package io.pbft.core.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Holds a reader of hostile bytes to memory in proportion to them. */
final class Allocation {
  /** Whatever the input is. */
  private static final long CONSTANT = 1 << 20;

  /** Objects for the densest input: many small parts, each with its headers. */
  private static final long FACTOR = 100;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Runs that may cost more because they load classes. */
  private static final int TRIES = 3;

  private Allocation() {}

  /**
   * Runs a reader, which may be run again; fails when it allocates what the input's length does not
   * justify.
   */
  static void check(int inputBytes, Runnable reader) {
    long allocated = 0;
    for (int i = 0; i < TRIES; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      reader.run();
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated <= CONSTANT + FACTOR * inputBytes) {
        return;
      }
    }
    throw new AssertionError(inputBytes + " bytes of input cost " + allocated + " bytes");
  }
}
