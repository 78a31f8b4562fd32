package io.pbft.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the system has counted of all processors' time since it started, in its ticks.
 *
 * @param stolen withheld by the host of a virtual machine while there was work for it
 * @param all of every kind, idle time included
 */
public record ProcessorTime(long stolen, long all) {
  private static final Path STAT = Path.of("/proc/stat");

  /** {@code cpu user nice system idle iowait irq softirq steal}, and parts of these after. */
  private static final int STEAL = 8;

  /** So far; null where the system does not say. */
  public static ProcessorTime now() throws IOException {
    if (!Files.exists(STAT)) {
      return null;
    }
    try (var lines = Files.lines(STAT)) {
      return parse(lines.findFirst().orElse(""));
    }
  }

  /** The first line of {@code /proc/stat}; null when it has no such field. */
  static ProcessorTime parse(String line) {
    String[] fields = line.trim().split(" +");
    if (!fields[0].equals("cpu") || fields.length <= STEAL) {
      return null;
    }
    long all = 0;
    for (int i = 1; i <= STEAL; i++) {
      all += Long.parseLong(fields[i]);
    }
    return new ProcessorTime(Long.parseLong(fields[STEAL]), all);
  }

  /** The percentage of all time that was stolen since; NaN when one of the two is not known. */
  public static double stolenPercent(ProcessorTime before, ProcessorTime after) {
    return before == null || after == null || after.all <= before.all
        ? Double.NaN
        : 100.0 * (after.stolen - before.stolen) / (after.all - before.all);
  }
}
