package io.pbft.client.core;

/** Why an operation has no result. */
public enum ClientFailure {
  /** The session holds as many operations as it may; nothing was sent. */
  OVERLOADED("too many operations in flight; nothing was sent"),
  /** The operation is longer than the cluster's {@code operationBytes}; nothing was sent. */
  TOO_LARGE("the operation is longer than the cluster's limit; nothing was sent"),
  /** There is no replica with that id; nothing was sent. */
  UNKNOWN_REPLICA("no such replica in this configuration"),
  /** It was sent, and whether it was executed (once) or not cannot be learnt any more. */
  OUTCOME_UNKNOWN("the operation was sent, and its outcome can't be learnt any more"),
  /** The client was closed before an answer came; it may still be executed if it was sent. */
  CLOSED("the client was closed before an answer came");

  private final String meaning;

  ClientFailure(String meaning) {
    this.meaning = meaning;
  }

  /** What the failure says, in words. */
  public String meaning() {
    return meaning;
  }
}
