package io.pbft.lab.trace;

/** A trace that cannot be read or carried out; the message says where and why, in one line. */
public final class TraceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TraceException(String message) {
    super(message);
  }

  TraceException(String where, RuntimeException cause) {
    super(where + ": " + cause.getMessage(), cause);
  }
}
