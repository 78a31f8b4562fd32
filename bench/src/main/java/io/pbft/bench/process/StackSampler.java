package io.pbft.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import one.profiler.AsyncProfiler;
import one.profiler.Counter;

/**
 * Takes stacks of this process's threads while they have the processor, in Java, in the machine's
 * own code and in system calls alike. Flight Recorder would not do: it takes nearly none in the
 * hash function's compiled-in routine. Thread safe.
 */
public final class StackSampler {
  /** In fact the kernel's own tick, mostly 4 ms: it looks no more often. */
  private static final String COMMAND = "start,event=ctimer,interval=1ms,threads";

  private StackSampler() {}

  /**
   * Loads it, which takes a moment the first time.
   *
   * @throws IllegalStateException where it does not run
   */
  public static void load() {
    try {
      AsyncProfiler.getInstance();
    } catch (UnsatisfiedLinkError e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /**
   * Begins.
   *
   * @throws IllegalStateException if it has begun already, or where it does not run
   */
  public static void start() throws IOException {
    load();
    AsyncProfiler.getInstance().execute(COMMAND);
  }

  /**
   * Stops and writes a line for each stack: {@code [thread tid=7];outermost;...;top 3}, with a
   * count of how often it was met.
   */
  public static void stop(Path file) throws IOException {
    AsyncProfiler profiler = AsyncProfiler.getInstance();
    profiler.stop();
    Files.writeString(file, profiler.dumpCollapsed(Counter.SAMPLES));
  }
}
