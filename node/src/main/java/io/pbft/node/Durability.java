package io.pbft.node;

/** When a replica's votes count as remembered. */
public enum Durability {
  /** A vote leaves once it is on disk: survives the loss of power of all replicas at once. */
  SYNC,
  /** A vote leaves once the operating system has it: survives the death of the process. */
  ASYNC,
  /**
   * Nothing is on disk. A replica that comes back fetches the state from the others and does not
   * vote where it may have voted before; more than f replicas down at once lose the state.
   */
  MEMORY
}
