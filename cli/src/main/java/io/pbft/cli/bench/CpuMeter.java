package io.pbft.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time of this process and of the cluster's replicas that run on this machine, which are
 * found by their command lines.
 */
final class CpuMeter {
  private final List<ProcessHandle> processes = new ArrayList<>();

  private CpuMeter() {}

  /** Looks the replicas of a cluster up. */
  static CpuMeter of(Path cluster) {
    CpuMeter meter = new CpuMeter();
    ProcessHandle.allProcesses()
        .filter(each -> isReplica(each, cluster))
        .forEach(meter.processes::add);
    return meter;
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

  /** How many replicas are on this machine. */
  int replicas() {
    return processes.size();
  }

  /** Processor time so far, of the replicas and of this process. */
  Duration total() {
    Duration sum = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    for (ProcessHandle process : processes) {
      sum = sum.plus(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }
    return sum;
  }
}
