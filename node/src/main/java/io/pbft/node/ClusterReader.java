package io.pbft.node;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.Quorums;
import io.pbft.core.codec.Limits;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.crypto.Digest;
import io.pbft.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** From the fields of {@code cluster.yaml} to a {@link ClusterConfig}; every wrong one is named. */
final class ClusterReader {
  static final int MAX_REPLICAS = 100;
  private static final int MAX_CLIENTS = 20_000;
  private static final long MAX_EPOCH = Long.MAX_VALUE / 1024;
  private static final List<String> TOP =
      List.of(
          "cluster-id",
          "epoch",
          "authentication",
          "client-requests",
          "service",
          "replicas",
          "clients",
          "protocol",
          "timeouts",
          "limits");
  private static final List<String> REPLICA = List.of("id", "host", "port", "public-key");
  private static final List<String> CLIENT = List.of("id", "public-key");
  private static final List<String> MODES = List.of("mac", "signature");
  private static final String KEY_FORM = "an Ed25519 public key as 64 hexadecimal digits";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,16})?");

  private final Fields top;

  private ClusterReader(Fields top) {
    this.top = top;
  }

  static ClusterConfig read(String file, YamlNode.Mapping root) throws ConfigException {
    return new ClusterReader(new Fields(file, "", root, TOP)).config();
  }

  private ClusterConfig config() throws ConfigException {
    long epoch = top.has("epoch") ? top.number("epoch", 0, MAX_EPOCH) : 0;
    ClusterScope scope = new ClusterScope(clusterId(), epoch);
    AuthenticationMode mode =
        signs("authentication") ? AuthenticationMode.SIGNATURE : AuthenticationMode.MAC;
    boolean clientSignatures = signs("client-requests");
    String service = top.text("service", "the name of the replicated service, such as kv");
    List<ReplicaInfo> replicas = replicas();
    List<ClientInfo> clients = clients();
    distinctKeys(replicas, clients);
    ProtocolConfig protocol = new ProtocolReader(top, replicas.size()).read(clientSignatures);
    return new ClusterConfig(scope, mode, service, replicas, clients, protocol);
  }

  private Digest clusterId() throws ConfigException {
    String form = "64 hexadecimal digits, drawn at random by `pbft init`";
    String text = top.text("cluster-id", form);
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw top.error("cluster-id", "is " + Fields.shown(text), "give " + form);
    }
    return Digest.fromHex(text);
  }

  private boolean signs(String key) throws ConfigException {
    return top.has(key) && top.choice(key, MODES).equals("signature");
  }

  private List<ReplicaInfo> replicas() throws ConfigException {
    List<Fields> groups = top.groups("replicas", REPLICA);
    int n = groups.size();
    if (n < Quorums.MIN_REPLICAS || n > MAX_REPLICAS) {
      throw top.error(
          "replicas",
          "has " + n + " of them",
          "list from 4 (to tolerate one traitor) to " + MAX_REPLICAS);
    }
    List<ReplicaInfo> replicas = new ArrayList<>();
    Map<Integer, Integer> idLines = new HashMap<>();
    Map<String, Integer> addressLines = new HashMap<>();
    for (Fields group : groups) {
      int id =
          uniqueId(group, idLines, n - 1, "number the " + n + " replicas from 0 to " + (n - 1));
      String host = host(group);
      int port = group.integer("port", 1, 65535);
      Integer other =
          addressLines.putIfAbsent(
              host.toLowerCase(Locale.ROOT) + " " + port, group.lineOf("port"));
      if (other != null) {
        throw group.error(
            "port",
            "is " + port + " on " + host + ", as on line " + other,
            "give each replica an address of its own");
      }
      replicas.add(new ReplicaInfo(id, host, port, key(group)));
    }
    replicas.sort(Comparator.comparingInt(ReplicaInfo::id));
    return replicas;
  }

  private List<ClientInfo> clients() throws ConfigException {
    if (!top.has("clients")) {
      return List.of();
    }
    List<Fields> groups = top.groups("clients", CLIENT);
    if (groups.size() > MAX_CLIENTS) {
      throw top.error(
          "clients", "has " + groups.size() + " of them", "list at most " + MAX_CLIENTS);
    }
    List<ClientInfo> clients = new ArrayList<>();
    Map<Integer, Integer> idLines = new HashMap<>();
    for (Fields group : groups) {
      int id = uniqueId(group, idLines, Integer.MAX_VALUE, "give each client a number of its own");
      clients.add(new ClientInfo(id, key(group)));
    }
    clients.sort(Comparator.comparingInt(ClientInfo::id));
    return clients;
  }

  private static int uniqueId(Fields group, Map<Integer, Integer> lines, int max, String mend)
      throws ConfigException {
    int id = group.integer("id", 0, Integer.MAX_VALUE);
    if (id > max) {
      throw group.error("id", "is " + id, mend);
    }
    Integer other = lines.putIfAbsent(id, group.lineOf("id"));
    if (other != null) {
      throw group.error("id", "is " + id + ", as on line " + other, mend);
    }
    return id;
  }

  private static String host(Fields group) throws ConfigException {
    String form = "a host name or an IP address, without the port";
    String host = group.text("host", form);
    boolean valid = HOST.matcher(host).matches() || isIpv6(host);
    if (!valid) {
      throw group.error("host", "is " + Fields.shown(host), "give " + form);
    }
    return host;
  }

  private static boolean isIpv6(String host) {
    return IPV6.matcher(host).matches() && host.indexOf(':') != host.lastIndexOf(':');
  }

  private static VerifyingKey key(Fields group) throws ConfigException {
    String text = group.text("public-key", KEY_FORM);
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw group.error("public-key", "is " + Fields.shown(text), "give " + KEY_FORM);
    }
    try {
      return VerifyingKey.fromBytes(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw group.error("public-key", "is " + e.getMessage(), "copy it again from its owner");
    }
  }

  /** One key under two identities would let one traitor vote twice. */
  private void distinctKeys(List<ReplicaInfo> replicas, List<ClientInfo> clients)
      throws ConfigException {
    Map<VerifyingKey, String> owners = new HashMap<>();
    for (ReplicaInfo replica : replicas) {
      distinctKey(owners, replica.key(), "replicas", "replica " + replica.id());
    }
    for (ClientInfo client : clients) {
      distinctKey(owners, client.key(), "clients", "client " + client.id());
    }
  }

  private void distinctKey(
      Map<VerifyingKey, String> owners, VerifyingKey key, String list, String owner)
      throws ConfigException {
    String other = owners.putIfAbsent(key, owner);
    if (other != null) {
      throw top.error(
          list, "gives " + owner + " the public-key of " + other, "give each a key of its own");
    }
  }

  /** The three groups that all have defaults. */
  private static final class ProtocolReader {
    private static final int MAX_SIZE = 256 * 1024 * 1024;
    private static final long MAX_DURATION = 60 * 60_000;
    private static final List<String> ON_OR_OFF = List.of("on", "off");
    private static final int DEFAULT_FLOOR_PERCENT =
        (int) Math.round(100 * ProtocolConfig.DEFAULT_PERFORMANCE_FLOOR);

    private final Fields numbers;
    private final Fields timeouts;
    private final Fields limits;
    private final ProtocolConfig defaults;

    ProtocolReader(Fields top, int n) throws ConfigException {
      this.defaults = ProtocolConfig.of(n);
      this.numbers =
          top.group(
              "protocol",
              List.of(
                  "checkpoint-interval",
                  "log-window",
                  "history",
                  "pipeline",
                  "client-window",
                  "sessions-per-client",
                  "performance-floor-percent",
                  "tentative-execution"));
      this.timeouts =
          top.group(
              "timeouts",
              List.of(
                  "request", "view-change", "view-change-cap", "status-interval", "clock-skew"));
      this.limits =
          top.group("limits", List.of("frame", "operation", "result", "batch", "batch-requests"));
    }

    ProtocolConfig read(boolean clientSignatures) throws ConfigException {
      int interval =
          numbers.integer("checkpoint-interval", 1, 10_000, defaults.checkpointInterval());
      int window = numbers.integer("log-window", 2, 60_000, defaults.logWindow());
      if (window < 2 * interval || window % interval != 0) {
        throw numbers.error(
            "log-window",
            "is " + window + " with a checkpoint-interval of " + interval,
            "give a multiple of the interval, and at least twice it");
      }
      int pipeline = numbers.integer("pipeline", 1, window, Math.min(window, defaults.pipeline()));
      int clientWindow = numbers.integer("client-window", 1, 100_000, defaults.clientWindow());
      int sessions =
          numbers.integer("sessions-per-client", 1, 10_000, defaults.sessionsPerClient());
      long viewChange = duration("view-change", defaults.viewChangeTimeoutMillis());
      long cap =
          duration("view-change-cap", Math.max(viewChange, defaults.viewChangeTimeoutCapMillis()));
      if (cap < viewChange) {
        throw timeouts.error(
            "view-change-cap",
            "is below view-change",
            "give at least " + Quantity.DURATION.format(viewChange));
      }
      return defaults.toBuilder()
          .checkpointInterval(interval)
          .logWindow(window)
          .history(numbers.integer("history", 0, 1_000_000, defaults.history()))
          .pipeline(pipeline)
          .clientWindow(clientWindow)
          .sessionsPerClient(sessions)
          .requestTimeoutMillis(duration("request", defaults.requestTimeoutMillis()))
          .viewChangeTimeoutMillis(viewChange)
          .viewChangeTimeoutCapMillis(cap)
          .statusIntervalMillis(duration("status-interval", defaults.statusIntervalMillis()))
          .maxClockSkewMillis(duration("clock-skew", defaults.maxClockSkewMillis()))
          .performanceFloor(
              numbers.integer("performance-floor-percent", 0, 100, DEFAULT_FLOOR_PERCENT) / 100.0)
          .tentativeExecution(
              numbers.has("tentative-execution")
                  ? numbers.choice("tentative-execution", ON_OR_OFF).equals("on")
                  : defaults.tentativeExecution())
          .clientSignatures(clientSignatures)
          .limits(limits())
          .build();
    }

    private long duration(String key, long otherwise) throws ConfigException {
      return timeouts.quantity(key, Quantity.DURATION, MAX_DURATION, otherwise);
    }

    private int size(String key, int otherwise) throws ConfigException {
      return (int) limits.quantity(key, Quantity.SIZE, MAX_SIZE, otherwise);
    }

    private Limits limits() throws ConfigException {
      Limits standard = defaults.limits();
      int operation = size("operation", standard.operationBytes());
      int batch = size("batch", Math.max(operation, standard.batchBytes()));
      if (batch < operation) {
        throw limits.error(
            "batch",
            "does not hold one operation",
            "give at least " + Quantity.SIZE.format(operation));
      }
      int frame = size("frame", standard.frameBytes());
      int result = size("result", standard.resultBytes());
      int requests = limits.integer("batch-requests", 1, 100_000, standard.batchRequests());
      try {
        return new Limits(frame, operation, result, requests, batch);
      } catch (IllegalArgumentException e) {
        // The one rule that is left, and whose numbers Limits keeps to itself.
        throw limits.error(
            "frame",
            "of "
                + Quantity.SIZE.format(frame)
                + " does not hold a full batch (2KiB a request besides batch) and a result",
            "raise it, or lower batch, batch-requests or result");
      }
    }
  }
}
