package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.nio.charset.StandardCharsets;

/** One number for all that the members of a cluster must agree on. */
final class ConfigurationDigest {
  private ConfigurationDigest() {}

  static Digest of(ClusterConfig config) {
    Hasher hasher =
        Hasher.domain("pbft-cluster-1")
            .putDigest(config.scope().clusterId())
            .putLong(config.scope().epoch());
    putText(hasher, config.authentication().name());
    putText(hasher, config.service());
    hasher.putInt(config.replicas().size());
    for (ReplicaInfo replica : config.replicas()) {
      putText(hasher.putInt(replica.id()), replica.host());
      hasher.putInt(replica.port()).putBytes(replica.key().toBytes());
    }
    hasher.putInt(config.clients().size());
    for (ClientInfo client : config.clients()) {
      hasher.putInt(client.id()).putBytes(client.key().toBytes());
    }
    putProtocol(hasher, config.protocol());
    return hasher.digest();
  }

  private static void putProtocol(Hasher hasher, ProtocolConfig protocol) {
    Limits limits = protocol.limits();
    hasher
        .putInt(protocol.checkpointInterval())
        .putInt(protocol.logWindow())
        .putInt(protocol.pipeline())
        .putInt(protocol.clientWindow())
        .putInt(protocol.sessionsPerClient())
        .putLong(protocol.requestTimeoutMillis())
        .putLong(protocol.viewChangeTimeoutMillis())
        .putLong(protocol.viewChangeTimeoutCapMillis())
        .putLong(protocol.statusIntervalMillis())
        .putLong(protocol.maxClockSkewMillis())
        .putLong(Math.round(100 * protocol.performanceFloor()))
        .putByte(protocol.tentativeExecution() ? 1 : 0)
        .putByte(protocol.clientSignatures() ? 1 : 0)
        .putInt(limits.frameBytes())
        .putInt(limits.operationBytes())
        .putInt(limits.resultBytes())
        .putInt(limits.batchRequests())
        .putInt(limits.batchBytes());
  }

  private static void putText(Hasher hasher, String text) {
    hasher.putSized(text.getBytes(StandardCharsets.UTF_8));
  }
}
