package io.pbft.core.spi;

/**
 * The replicated service. All methods are called from one thread at a time. Everything that {@link
 * #execute} returns or changes must follow from the state, the operation and the context alone: no
 * clock, no randomness, no iteration order of hash collections; replicas that differ are found out
 * at the next checkpoint, and repaired by state transfer.
 *
 * <p>Small services are simpler as a {@link SmallStateMachine}.
 */
public interface StateMachine {
  /**
   * Executes one operation. An exception becomes the operation's result ({@code FAILED}, with the
   * exception's class name) at every replica: so it must be deterministic, too, and leave the state
   * as it was or changed deterministically. What has been executed may be taken back, by {@link
   * #restore}, and executed again, perhaps after something else: effects outside of the state are
   * out of place here.
   *
   * @return the result, not null; its length is limited by the cluster's {@code resultBytes}
   */
  byte[] execute(byte[] operation, ExecutionContext context);

  /** Answers a read-only operation without changing the state. */
  byte[] query(byte[] operation);

  /**
   * The state as it is now; must stay as it is while later operations execute, and be readable from
   * another thread meanwhile. Called between operations, every {@code checkpointInterval} batches:
   * it should take no longer than an operation, so hashing and encoding belong into the nodes'
   * {@code content()}, which is called later, on another thread.
   */
  Snapshot snapshot();

  /**
   * Replaces the state by one that was kept here or fetched from others. Where it shares nodes
   * (equal digests) with the present state, these need not be read. A big state is better taken
   * over piece by piece than by {@link Snapshot#toBytes}.
   */
  void restore(Snapshot snapshot);
}
