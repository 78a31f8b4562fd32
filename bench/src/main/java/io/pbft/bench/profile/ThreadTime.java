package io.pbft.bench.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a thread has had of the processor, as the system counts it.
 *
 * @param name as the system has it: at most 15 characters
 * @param userMicros in its own code
 * @param systemMicros in the kernel's, for it
 * @param sleeps how often it has given the processor away because it had to wait
 */
record ThreadTime(String name, long userMicros, long systemMicros, long sleeps) {
  /** Of proc(5), for programs always a hundred a second, whatever the kernel's own is. */
  private static final long MICROS_PER_TICK = 10_000;

  private static final int USER_FIELD = 11;
  private static final String SLEEPS = "voluntary_ctxt_switches:";

  /** Whether the system says so much. */
  static boolean isKnown() {
    return Files.isReadable(Path.of("/proc/self/task"));
  }

  /** Of all threads of a process, by their numbers. */
  static Map<Integer, ThreadTime> ofProcess(long pid) throws IOException {
    Map<Integer, ThreadTime> all = new TreeMap<>();
    try (Stream<Path> tasks = Files.list(Path.of("/proc", "" + pid, "task"))) {
      for (Path task : tasks.toList()) {
        try {
          all.put(
              Integer.parseInt(task.getFileName().toString()),
              parse(
                  Files.readString(task.resolve("stat")),
                  Files.readAllLines(task.resolve("status"))));
        } catch (IOException e) {
          // It has ended meanwhile.
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return all;
  }

  /** From the contents of a thread's {@code stat} and {@code status}. */
  static ThreadTime parse(String stat, List<String> status) {
    // The name may have anything in it, brackets and blanks too.
    int end = stat.lastIndexOf(')');
    String[] fields = stat.substring(end + 2).split(" ");
    long sleeps =
        status.stream()
            .filter(line -> line.startsWith(SLEEPS))
            .mapToLong(line -> Long.parseLong(line.substring(SLEEPS.length()).strip()))
            .sum();
    return new ThreadTime(
        stat.substring(stat.indexOf('(') + 1, end),
        Long.parseLong(fields[USER_FIELD]) * MICROS_PER_TICK,
        Long.parseLong(fields[USER_FIELD + 1]) * MICROS_PER_TICK,
        sleeps);
  }

  long micros() {
    return userMicros + systemMicros;
  }

  /** What has been added since. */
  ThreadTime minus(ThreadTime before) {
    return new ThreadTime(
        name,
        userMicros - before.userMicros,
        systemMicros - before.systemMicros,
        sleeps - before.sleeps);
  }
}
