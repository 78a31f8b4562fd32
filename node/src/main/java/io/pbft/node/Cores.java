package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.replica.Replica;
import io.pbft.core.validation.Sealer;

/** The one place that names the protocol's implementation. */
final class Cores {
  /**
   * Which part of the heap decided batches may take that only replicas which are behind need; while
   * there is one, twice that.
   */
  private static final int HISTORY_PART = 8;

  /**
   * Which part of the heap waiting requests may take, those that other replicas pass on included.
   */
  private static final int POOL_PART = 2;

  /** Sixteenths of the heap that a primary's log may take; a backup's twice that. */
  private static final int LOG_SIXTEENTHS = 3;

  private Cores() {}

  static ReplicaCore create(int id, ProtocolConfig protocol, Sealer sealer) {
    return new Replica(id, fitted(protocol, Runtime.getRuntime().maxMemory()), sealer);
  }

  /**
   * The same, with as much history, as large a pool, and as long a log, as a heap has room for; but
   * never a log that would not hold two pipelines of the largest batches.
   *
   * @param heap the most that the JVM takes, in bytes
   */
  static ProtocolConfig fitted(ProtocolConfig protocol, long heap) {
    long least = 2L * protocol.pipeline() * protocol.limits().batchFootprint();
    long part = Math.max(least, heap / 16 * LOG_SIXTEENTHS);
    return protocol.toBuilder()
        .logBytes(Math.min(protocol.logBytes(), part))
        .historyBytes(Math.min(protocol.historyBytes(), heap / HISTORY_PART))
        .poolBytes(Math.min(protocol.poolBytes(), heap / POOL_PART / protocol.n()))
        .build();
  }
}
