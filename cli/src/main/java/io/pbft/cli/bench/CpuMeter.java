package io.pbft.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Processor time of this process and of the cluster's replicas that run on this machine, which are
 * found by their command lines. A process that has ended counts with what was last read of it: the
 * system forgets its time with it. Not thread safe.
 */
final class CpuMeter {
  /** A process. */
  interface Clock {
    /** Processor time so far; empty when the process is gone. */
    Optional<Duration> read();
  }

  private final Clock own;
  private final List<Clock> replicas;
  private final Duration[] last;
  private int ended;

  CpuMeter(Clock own, List<Clock> replicas) {
    this.own = own;
    this.replicas = List.copyOf(replicas);
    this.last = new Duration[replicas.size()];
    Arrays.fill(last, Duration.ZERO);
  }

  /** Looks the replicas of a cluster up. */
  static CpuMeter of(Path cluster) {
    return new CpuMeter(
        clock(ProcessHandle.current()),
        ProcessHandle.allProcesses()
            .filter(each -> isReplica(each, cluster))
            .map(CpuMeter::clock)
            .toList());
  }

  private static Clock clock(ProcessHandle process) {
    return () -> process.info().totalCpuDuration();
  }

  private static boolean isReplica(ProcessHandle process, Path cluster) {
    String[] arguments = process.info().arguments().orElse(new String[0]);
    for (int i = 0; i + 2 < arguments.length; i++) {
      if (arguments[i].equals("replica") && isSame(process, arguments[i + 1], cluster)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSame(ProcessHandle process, String directory, Path cluster) {
    try {
      Path path = Path.of(directory);
      Path base = Path.of("/proc", Long.toString(process.pid()), "cwd");
      Path full = path.isAbsolute() || !Files.exists(base) ? path : base.resolve(path);
      return Files.isSameFile(full, cluster);
    } catch (IOException | IllegalArgumentException e) {
      // Ended, or another user's.
      return false;
    }
  }

  /** How many replicas were on this machine when they were looked up. */
  int replicas() {
    return replicas.size();
  }

  /** How many of them were gone at the last reading. */
  int ended() {
    return ended;
  }

  /** Reads the processor time so far, of the replicas and of this process. */
  Duration total() {
    Duration sum = own.read().orElse(Duration.ZERO);
    ended = 0;
    for (int i = 0; i < last.length; i++) {
      Optional<Duration> now = replicas.get(i).read();
      if (now.isEmpty()) {
        ended++;
      }
      last[i] = now.orElse(last[i]);
      sum = sum.plus(last[i]);
    }
    return sum;
  }
}
