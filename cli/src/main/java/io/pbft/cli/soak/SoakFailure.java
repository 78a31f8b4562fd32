package io.pbft.cli.soak;

/** What was to hold did not. */
public final class SoakFailure extends Exception {
  private static final long serialVersionUID = 1L;

  SoakFailure(String message) {
    super(message);
  }

  SoakFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
