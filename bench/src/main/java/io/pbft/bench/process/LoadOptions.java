package io.pbft.bench.process;

import picocli.CommandLine.Option;

/** What the commands that put load on processes have in common; each with defaults of its own. */
public final class LoadOptions {
  @Option(
      names = "--warmup",
      paramLabel = "S",
      description =
          "Seconds of load on each new cluster, before it counts (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "Of each measurement (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--port",
      description = "The first of the replicas' ports (default: ${DEFAULT-VALUE}).")
  private int port;

  /** With these defaults. */
  public LoadOptions(int warmup, int seconds, int port) {
    this.warmup = warmup;
    this.seconds = seconds;
    this.port = port;
  }

  public int warmup() {
    return warmup;
  }

  public int seconds() {
    return seconds;
  }

  public int port() {
    return port;
  }
}
