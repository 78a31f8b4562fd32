package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.replica.Replica;
import io.pbft.core.validation.Sealer;

/** The one place that names the protocol's implementation. */
final class Cores {
  private Cores() {}

  static ReplicaCore create(int id, ProtocolConfig protocol, Sealer sealer) {
    return new Replica(id, protocol, sealer);
  }
}
