package io.pbft.client;

/**
 * The state machine threw while it executed the operation: a result like any other, agreed on by
 * the replicas. The operation was executed, once.
 */
public final class OperationFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String thrown;

  OperationFailedException(String thrown) {
    super("the operation failed at the service: " + thrown);
    this.thrown = thrown;
  }

  /** Class name of what the state machine threw. */
  public String thrown() {
    return thrown;
  }
}
