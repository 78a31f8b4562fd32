package io.pbft.cli;

/** Ends the command with one line on standard error and an exit code. */
public final class CliException extends Exception {
  private final int exitCode;

  private CliException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What was asked did not hold: exit code 1. */
  public static CliException failed(String message) {
    return new CliException(1, message, null);
  }

  /** What was asked did not hold: exit code 1. */
  public static CliException failed(String message, Throwable cause) {
    return new CliException(1, message, cause);
  }

  /** Wrong usage or input: exit code 2. */
  public static CliException wrong(String message) {
    return new CliException(2, message, null);
  }

  public int exitCode() {
    return exitCode;
  }
}
