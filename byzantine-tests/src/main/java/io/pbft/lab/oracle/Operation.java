package io.pbft.lab.oracle;

import io.pbft.core.message.Result;
import io.pbft.lab.sim.Invocation;

/**
 * An operation as its client saw it.
 *
 * @param invokedAt when it was asked for
 * @param completedAt when the client had the result, {@link #NEVER} if it did not get one: then it
 *     may have taken effect or not
 * @param input what was asked for
 * @param output what came back, null if nothing did
 */
public record Operation(int client, long invokedAt, long completedAt, byte[] input, Result output) {
  /** The completion of an operation without a result. */
  public static final long NEVER = Long.MAX_VALUE;

  static Operation of(Invocation invocation, long completedAt, Result output) {
    return new Operation(
        invocation.client(), invocation.atMicros(), completedAt, invocation.operation(), output);
  }

  public boolean isComplete() {
    return completedAt != NEVER;
  }
}
