package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.VerifyingKey;
import java.util.HexFormat;

/** The text of a {@code cluster.yaml}, every value written out. */
final class ClusterWriter {
  private ClusterWriter() {}

  static String write(ClusterConfig config) {
    ProtocolConfig protocol = config.protocol();
    StringBuilder out = new StringBuilder(2048);
    out.append(
        "# Public: the same file for every replica and client. See docs/configuration.md.\n");
    line(out, "cluster-id: ", config.scope().clusterId().toHex());
    line(out, "epoch: ", config.scope().epoch());
    boolean signed = config.authentication() == AuthenticationMode.SIGNATURE;
    line(out, "authentication: ", signed ? "signature" : "mac");
    line(out, "client-requests: ", protocol.clientSignatures() ? "signature" : "mac");
    line(out, "service: ", quoted(config.service()));
    out.append("\nreplicas:\n");
    for (ReplicaInfo replica : config.replicas()) {
      line(out, "  - id: ", replica.id());
      line(out, "    host: ", quoted(replica.host()));
      line(out, "    port: ", replica.port());
      line(out, "    public-key: ", quoted(hex(replica.key())));
    }
    if (!config.clients().isEmpty()) {
      out.append("\nclients:\n");
    }
    for (ClientInfo client : config.clients()) {
      line(out, "  - id: ", client.id());
      line(out, "    public-key: ", quoted(hex(client.key())));
    }
    writeNumbers(out, protocol);
    writeLimits(out, protocol.limits());
    return out.toString();
  }

  private static void writeNumbers(StringBuilder out, ProtocolConfig protocol) {
    out.append("\nprotocol:\n");
    line(out, "  checkpoint-interval: ", protocol.checkpointInterval());
    line(out, "  log-window: ", protocol.logWindow());
    line(out, "  history: ", protocol.history());
    line(out, "  pipeline: ", protocol.pipeline());
    line(out, "  client-window: ", protocol.clientWindow());
    line(out, "  sessions-per-client: ", protocol.sessionsPerClient());
    line(out, "  performance-floor-percent: ", Math.round(100 * protocol.performanceFloor()));
    line(out, "  tentative-execution: ", protocol.tentativeExecution() ? "on" : "off");
    out.append("\ntimeouts:\n");
    duration(out, "  request: ", protocol.requestTimeoutMillis());
    duration(out, "  view-change: ", protocol.viewChangeTimeoutMillis());
    duration(out, "  view-change-cap: ", protocol.viewChangeTimeoutCapMillis());
    duration(out, "  status-interval: ", protocol.statusIntervalMillis());
    duration(out, "  clock-skew: ", protocol.maxClockSkewMillis());
  }

  private static void writeLimits(StringBuilder out, Limits limits) {
    out.append("\nlimits:\n");
    size(out, "  frame: ", limits.frameBytes());
    size(out, "  operation: ", limits.operationBytes());
    size(out, "  result: ", limits.resultBytes());
    size(out, "  batch: ", limits.batchBytes());
    line(out, "  batch-requests: ", limits.batchRequests());
  }

  private static void line(StringBuilder out, String name, Object value) {
    out.append(name).append(value).append('\n');
  }

  private static void duration(StringBuilder out, String name, long millis) {
    line(out, name, Quantity.DURATION.format(millis));
  }

  private static void size(StringBuilder out, String name, long bytes) {
    line(out, name, Quantity.SIZE.format(bytes));
  }

  /** Plain where YAML leaves it as it is; in single quotes otherwise. */
  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]*") ? text : "'" + text.replace("'", "''") + "'";
  }

  private static String hex(VerifyingKey key) {
    return HexFormat.of().formatHex(key.toBytes());
  }
}
