package io.pbft.client;

/** How much a read may see, and what it costs. */
public enum ReadMode {
  /** Through the pipeline, like a write: always linearizable. */
  ORDERED,
  /**
   * Asked of all replicas, accepted when a quorum agrees, in one round trip; else ordered.
   * Linearizable.
   */
  FAST,
  /**
   * Answered by any one replica from the state it has, which may be old; and a traitor may answer
   * anything. For hints and dashboards.
   */
  STALE
}
