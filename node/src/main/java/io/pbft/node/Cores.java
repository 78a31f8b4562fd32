package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.replica.Replica;
import io.pbft.core.validation.Sealer;

/** The one place that names the protocol's implementation. */
final class Cores {
  /** Which part of the heap decided batches may take that only replicas which are behind need. */
  private static final int HISTORY_PART = 4;

  private Cores() {}

  static ReplicaCore create(int id, ProtocolConfig protocol, Sealer sealer) {
    return new Replica(id, fitted(protocol, Runtime.getRuntime().maxMemory()), sealer);
  }

  /**
   * The same, with as much history as a heap has room for.
   *
   * @param heap the most that the JVM takes, in bytes
   */
  static ProtocolConfig fitted(ProtocolConfig protocol, long heap) {
    return protocol.toBuilder()
        .historyBytes(Math.min(protocol.historyBytes(), heap / HISTORY_PART))
        .build();
  }
}
