package io.pbft.bench;

import io.pbft.bench.growth.Growth;
import io.pbft.bench.jmh.Jmh;
import io.pbft.bench.overload.Overload;
import io.pbft.bench.profile.Profile;
import io.pbft.bench.sidebyside.SideBySide;
import io.pbft.bench.soak.Soak;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks' command line. */
@Command(
    name = "bench/run",
    description = "Benchmarks; each prints what it measured and the settings it was measured with.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CheckpointPause.class,
      TransferThroughput.class,
      ClusterPause.class,
      SideBySide.class,
      Overload.class,
      Soak.class,
      Growth.class,
      Profile.class,
      Jmh.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Main())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  e.printStackTrace(command.getErr());
                  return 1;
                })
            .execute(args));
  }
}
