package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong in a cluster.yaml, one line says where, what, and how to mend it. */
class ClusterConfigTest {
  /** Ed25519 public keys of the seeds 0.., so that the text below stays the same. */
  private static String key(int i) {
    byte[] seed = new byte[32];
    seed[0] = (byte) i;
    return HexFormat.of().formatHex(SigningKey.fromSeed(seed).verifyingKey().toBytes());
  }

  private static String replica(int id, String host, int port, String key) {
    return "  - id: "
        + id
        + "\n    host: "
        + host
        + "\n    port: "
        + port
        + "\n    public-key: "
        + key
        + "\n";
  }

  /** Lines: 1 cluster-id, 2 service, 3 replicas, 4-7, 8-11, 12-15, 16-19, 20 clients, 21-22. */
  private static final String GOOD =
      "cluster-id: "
          + "ab".repeat(32)
          + "\n"
          + "service: kv\n"
          + "replicas:\n"
          + replica(0, "127.0.0.1", 7400, key(0))
          + replica(1, "127.0.0.1", 7401, key(1))
          + replica(2, "example.org", 7402, key(2))
          + replica(3, "'::1'", 7403, key(3))
          + "clients:\n"
          + "  - id: 0\n"
          + "    public-key: "
          + key(4)
          + "\n";

  @TempDir Path temp;

  private static ClusterConfig parse(String yaml) throws ConfigException {
    return ClusterConfig.parse("c.yaml", yaml);
  }

  @BeforeEach
  void theBaseIsGood() throws ConfigException {
    ClusterConfig config = parse(GOOD);
    assertThat(config.replicas()).hasSize(4);
    assertThat(config.authentication()).isEqualTo(AuthenticationMode.MAC);
    assertThat(config.replicas().get(3).host()).isEqualTo("::1");
    assertThat(config.protocol().requestTimeoutMillis()).isEqualTo(500);
  }

  private static Arguments change(String from, String to, String message) {
    assertThat(GOOD).contains(from);
    return Arguments.of(GOOD.replace(from, to), message);
  }

  private static Arguments add(String text, String message) {
    return Arguments.of(GOOD + text, message);
  }

  static Stream<Arguments> mistakes() {
    List<Arguments> all = new ArrayList<>();
    names(all);
    replicas(all);
    numbers(all);
    yaml(all);
    return all.stream();
  }

  private static void names(List<Arguments> all) {
    all.add(
        change(
            "service: kv\n",
            "servce: kv\n",
            "c.yaml:2: servce is not a known field; did you mean 'service'?"));
    all.add(
        change(
            "    port: 7400\n",
            "    prt: 7400\n",
            "c.yaml:6: replicas[0].prt is not a known field; did you mean 'port'?"));
    all.add(
        add(
            "timeouts:\n  xxxxxxxx: 1s\n",
            "c.yaml:24: timeouts.xxxxxxxx is not a known field; known here: request, view-change,"
                + " view-change-cap, status-interval, clock-skew"));
    all.add(
        add("service: counter\n", "c.yaml:23: service was given on line 2; keep one of the two"));
    all.add(
        change(
            "service: kv\n",
            "",
            "c.yaml:1: service is missing; add `service: ...`, the name of the replicated service,"
                + " such as kv"));
    all.add(
        change(
            "service: kv\n",
            "service:\n",
            "c.yaml:2: service has no value; give the name of the replicated service, such as kv"));
    all.add(
        change(
            "ab".repeat(32),
            "xyz",
            "c.yaml:1: cluster-id is 'xyz'; give 64 hexadecimal digits, drawn at random by"
                + " `pbft init`"));
    all.add(
        add(
            "authentication: macs\n",
            "c.yaml:23: authentication is 'macs'; give one of mac, signature"));
  }

  private static void replicas(List<Arguments> all) {
    all.add(
        change(
            replica(3, "'::1'", 7403, key(3)),
            "",
            "c.yaml:3: replicas has 3 of them; list from 4 (to tolerate one traitor) to 100"));
    all.add(
        change(
            "id: 3",
            "id: 2",
            "c.yaml:16: replicas[3].id is 2, as on line 12; number the 4 replicas from 0 to 3"));
    all.add(
        change(
            "id: 3", "id: 4", "c.yaml:16: replicas[3].id is 4; number the 4 replicas from 0 to 3"));
    all.add(
        change(
            "7401",
            "7400",
            "c.yaml:10: replicas[1].port is 7400 on 127.0.0.1, as on line 6; give each replica an"
                + " address of its own"));
    all.add(
        change(
            "7401",
            "70000",
            "c.yaml:10: replicas[1].port is '70000'; give a whole number from 1 to 65535"));
    all.add(
        change(
            "example.org",
            "'exa mple:80'",
            "c.yaml:13: replicas[2].host is 'exa mple:80'; give a host name or an IP address,"
                + " without the port"));
    all.add(
        change(
            "    public-key: " + key(1) + "\n",
            "",
            "c.yaml:8: replicas[1].public-key is missing; add `public-key: ...`, an Ed25519 public"
                + " key as 64 hexadecimal digits"));
    all.add(
        change(
            key(1),
            "ff".repeat(32),
            "c.yaml:11: replicas[1].public-key is not a canonical Ed25519 public key of prime"
                + " order; copy it again from its owner"));
    all.add(
        change(
            key(1),
            key(0),
            "c.yaml:3: replicas gives replica 1 the public-key of replica 0; give each a key of its"
                + " own"));
    all.add(
        change(
            key(4),
            key(0),
            "c.yaml:20: clients gives client 0 the public-key of replica 0; give each a key of its"
                + " own"));
    all.add(
        add(
            "  - id: 0\n    public-key: " + key(5) + "\n",
            "c.yaml:23: clients[1].id is 0, as on line 21; give each client a number of its own"));
    all.add(
        Arguments.of(
            "cluster-id: " + "ab".repeat(32) + "\nservice: kv\nreplicas: 4\n",
            "c.yaml:3: replicas is a plain value; give a list, each item beginning with `- `"));
    all.add(
        Arguments.of(
            "cluster-id: " + "ab".repeat(32) + "\nservice: kv\nreplicas: [1, 2, 3, 4]\n",
            "c.yaml:3: replicas[0] is a plain value; give the fields id, host, port, public-key"));
  }

  private static void numbers(List<Arguments> all) {
    all.add(
        add(
            "timeouts:\n  request: 300\n",
            "c.yaml:24: timeouts.request is '300'; give a duration such as 300ms, 2s or 1m, from"
                + " 1ms to 60m"));
    all.add(
        add(
            "timeouts:\n  request: 0ms\n",
            "c.yaml:24: timeouts.request is '0ms'; give a duration such as 300ms, 2s or 1m, from"
                + " 1ms to 60m"));
    all.add(
        add(
            "timeouts:\n  view-change: 2s\n  view-change-cap: 1s\n",
            "c.yaml:25: timeouts.view-change-cap is below view-change; give at least 2s"));
    all.add(
        add(
            "limits:\n  frame: 9GiB\n",
            "c.yaml:24: limits.frame is '9GiB'; give a size such as 512B, 64KiB or 1MiB, from 1B to"
                + " 256MiB"));
    all.add(
        add(
            "limits:\n  operation: 2MiB\n  batch: 1MiB\n",
            "c.yaml:25: limits.batch does not hold one operation; give at least 2MiB"));
    all.add(
        add(
            "limits:\n  frame: 1MiB\n",
            "c.yaml:24: limits.frame of 1MiB does not hold a full batch (2KiB a request besides"
                + " batch) and a result; raise it, or lower batch, batch-requests or result"));
    all.add(
        add(
            "protocol:\n  checkpoint-interval: 100\n  log-window: 250\n",
            "c.yaml:25: protocol.log-window is 250 with a checkpoint-interval of 100; give a"
                + " multiple of the interval, and at least twice it"));
    all.add(
        add(
            "protocol:\n  pipeline: 1000\n",
            "c.yaml:24: protocol.pipeline is '1000'; give a whole number from 1 to 512"));
    all.add(
        add(
            "protocol: yes\n",
            "c.yaml:23: protocol is a plain value; give its fields, indented, a line each"));
    all.add(
        add(
            "epoch: -1\n",
            "c.yaml:23: epoch is '-1'; give a whole number from 0 to 9007199254740991"));
  }

  private static void yaml(List<Arguments> all) {
    all.add(
        add(
            "protocol: &anchor\n  pipeline: 8\n",
            "c.yaml:23: anchors (&) and aliases (*) are not allowed; write it out"));
    all.add(
        add(
            "protocol: *anchor\n",
            "c.yaml:23: anchors (&) and aliases (*) are not allowed; write it out"));
    all.add(
        add("protocol: !!java/Object {}\n", "c.yaml:23: tags (!) are not allowed; leave it out"));
    all.add(
        add("---\nservice: kv\n", "c.yaml:23: a second document begins here; keep one to a file"));
    all.add(
        add(
            "protocol: " + "[".repeat(5000) + "\n",
            "c.yaml:23: is nested too deeply; no field needs more than a few levels"));
    all.add(
        add(
            "protocol: 'open\n",
            "c.yaml:24: is not valid YAML: found unexpected end of stream; mend the line"));
    all.add(Arguments.of("", "c.yaml: is empty; write one with `pbft init`"));
    all.add(
        Arguments.of(
            "- a\n", "c.yaml:1: is a list, not a group of fields; see docs/configuration.md"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void oneLineNamesTheMistakeAndTheMend(String yaml, String message) {
    assertThatThrownBy(() -> parse(yaml)).isInstanceOf(ConfigException.class).hasMessage(message);
    assertThat(message).doesNotContain("\n");
  }

  @Test
  void aMissingFileOrDirectoryIsNamed() throws Exception {
    Path file = temp.resolve(ClusterConfig.FILE_NAME);
    assertThatThrownBy(() -> ClusterConfig.load(temp))
        .hasMessage(
            file + ": does not exist; name a cluster's directory, or make one with `pbft init`");
    Files.createDirectory(file);
    assertThatThrownBy(() -> ClusterConfig.load(temp))
        .hasMessageStartingWith(file + ": can't be read (")
        .hasMessageEndingWith("; name a readable file");
    Path plain = Files.createFile(temp.resolve("plain"));
    assertThatThrownBy(() -> ClusterConfig.load(plain))
        .hasMessage(plain + ": is not a directory; name the one that holds cluster.yaml");
  }

  @Test
  void anUnreadableDirectoryIsNamed() throws Exception {
    Path closed = Files.createDirectory(temp.resolve("closed"));
    Files.writeString(closed.resolve(ClusterConfig.FILE_NAME), GOOD);
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      // Root may read everything: then there is nothing to see.
      assumeFalse(Files.isReadable(closed));
      assertThatThrownBy(() -> ClusterConfig.load(closed))
          .hasMessageEndingWith(": can't be read; check its owner and permissions");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws Exception {
    Path file = temp.resolve(ClusterConfig.FILE_NAME);
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ClusterConfig.load(temp))
        .hasMessage(file + ": is not UTF-8 text; name the right file");
    Files.write(file, new byte[YamlFile.MAX_BYTES + 1]);
    assertThatThrownBy(() -> ClusterConfig.load(temp))
        .hasMessage(file + ": is longer than 4194304 bytes; name the right file");
  }

  @Test
  void whatIsWrittenReadsBackTheSame() throws Exception {
    String full =
        GOOD
            + "epoch: 7\nauthentication: signature\nclient-requests: signature\n"
            + "protocol:\n  checkpoint-interval: 10\n  log-window: 40\n  history: 7\n  pipeline: 3\n"
            + "  client-window: 5\n  sessions-per-client: 2\n  performance-floor-percent: 80\n"
            + "  tentative-execution: on\n"
            + "timeouts:\n  request: 1500ms\n  view-change: 2s\n  view-change-cap: 1m\n"
            + "  status-interval: 50ms\n  clock-skew: 3s\n"
            + "limits:\n  frame: 4MiB\n  operation: 100KiB\n  result: 1000B\n  batch: 1MiB\n"
            + "  batch-requests: 50\n";
    for (String yaml : List.of(GOOD, full)) {
      ClusterConfig config = parse(yaml);
      ClusterConfig again = parse(config.toYaml());
      assertThat(again.configurationDigest()).isEqualTo(config.configurationDigest());
      assertThat(again.protocol()).isEqualTo(config.protocol());
      assertThat(again.replicas()).isEqualTo(config.replicas());
      assertThat(again.clients()).isEqualTo(config.clients());
      assertThat(again.scope()).isEqualTo(config.scope());
      assertThat(again.toYaml()).isEqualTo(config.toYaml());
    }
    assertThat(parse(full).protocol().requestTimeoutMillis()).isEqualTo(1500);
    assertThat(parse(full).protocol().performanceFloor()).isEqualTo(0.8);
    assertThat(parse(full).protocol().tentativeExecution()).isTrue();
    assertThat(parse(GOOD).protocol().tentativeExecution()).isFalse();
    assertThat(parse(full).protocol().limits().resultBytes()).isEqualTo(1000);
  }

  @Test
  void theDigestCoversEveryValueAndNoFormatting() throws Exception {
    ClusterConfig base = parse(GOOD);
    assertThat(
            parse("# a comment\n" + GOOD.replace("service: kv", "service:   'kv'  # why"))
                .configurationDigest())
        .isEqualTo(base.configurationDigest());
    assertThat(parse(GOOD + "timeouts: {request: 500ms}\n").configurationDigest())
        .as("a default written out")
        .isEqualTo(base.configurationDigest());
    String yaml = base.toYaml();
    for (String[] change : CHANGES) {
      assertThat(yaml).contains(change[0]);
      assertThat(parse(yaml.replace(change[0], change[1])).configurationDigest())
          .as(change[1])
          .isNotEqualTo(base.configurationDigest());
    }
  }

  /** One for each value that a file can hold. */
  private static final String[][] CHANGES = {
    {"cluster-id: ab", "cluster-id: cd"},
    {"epoch: 0", "epoch: 1"},
    {"authentication: mac", "authentication: signature"},
    {"client-requests: mac", "client-requests: signature"},
    {"service: kv", "service: counter"},
    {"host: example.org", "host: example.com"},
    {"port: 7401", "port: 7499"},
    {key(1), key(9)},
    {"id: 0\n    public-key", "id: 8\n    public-key"},
    {key(4), key(9)},
    {"checkpoint-interval: 128", "checkpoint-interval: 64"},
    {"log-window: 512", "log-window: 1024"},
    {"pipeline: 8", "pipeline: 9"},
    {"client-window: 1024", "client-window: 1023"},
    {"sessions-per-client: 64", "sessions-per-client: 63"},
    {"tentative-execution: off", "tentative-execution: on"},
    {"request: 500ms", "request: 501ms"},
    {"view-change: 500ms", "view-change: 501ms"},
    {"view-change-cap: 10s", "view-change-cap: 11s"},
    {"status-interval: 150ms", "status-interval: 151ms"},
    {"clock-skew: 5s", "clock-skew: 6s"},
    {"frame: 8MiB", "frame: 9MiB"},
    {"operation: 1MiB", "operation: 1000KiB"},
    {"result: 1MiB", "result: 1000KiB"},
    {"batch: 2MiB", "batch: 2000KiB"},
    {"batch-requests: 256", "batch-requests: 255"},
  };

  @Test
  void theDirectoryKnowsMembersAndNobodyElse() throws Exception {
    ClusterConfig config = parse(GOOD);
    var directory =
        config.handshake(Principal.client(0), SigningKey.fromSeed(new byte[32])).directory();
    assertThat(directory.apply(Principal.replica(2))).isEqualTo(config.replicas().get(2).key());
    assertThat(directory.apply(Principal.client(0))).isEqualTo(config.clients().get(0).key());
    assertThat(directory.apply(Principal.replica(4))).isNull();
    assertThat(directory.apply(Principal.client(1))).isNull();
  }
}
