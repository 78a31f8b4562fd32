package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.validation.AuthenticationMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterInitTest {
  private static final ClusterInit.Options OPTIONS = ClusterInit.Options.defaults();

  @TempDir Path temp;
  private Path directory;

  @BeforeEach
  void nested() {
    directory = temp.resolve("new").resolve("cluster");
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private void fails(ClusterInit.Options options, String message) {
    assertThatThrownBy(() -> ClusterInit.create(directory, options))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
    assertThat(directory).doesNotExist();
  }

  @Test
  void whatItMakesLoads() throws Exception {
    ClusterInit.create(
        directory,
        OPTIONS
            .withReplicas(7)
            .withClients(2)
            .withBasePort(9000)
            .withAuthentication(AuthenticationMode.SIGNATURE)
            .withService("counter"));
    ClusterConfig config = ClusterConfig.load(directory);
    assertThat(config.replicas())
        .extracting(ReplicaInfo::port)
        .containsExactly(9000, 9001, 9002, 9003, 9004, 9005, 9006);
    assertThat(config.clients()).hasSize(2);
    assertThat(config.service()).isEqualTo("counter");
    assertThat(config.authentication()).isEqualTo(AuthenticationMode.SIGNATURE);
    assertThat(config.protocol().clientSignatures()).isTrue();
    ClusterLayout layout = new ClusterLayout(directory);
    for (ReplicaInfo replica : config.replicas()) {
      ClusterLayout.readKey(layout.replicaKey(replica.id()), "replica", replica.key());
    }
    for (ClientInfo client : config.clients()) {
      ClusterLayout.readKey(layout.clientKey(client.id()), "client", client.key());
    }
  }

  @Test
  void privateThingsAreTheOwnersAlone() throws Exception {
    ClusterInit.create(directory, OPTIONS);
    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("replica-3"))).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("replica-3/key.pem"))).isEqualTo("rw-------");
    assertThat(permissions(directory.resolve("client-0"))).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("client-0/key.pem"))).isEqualTo("rw-------");
    assertThat(Files.readString(directory.resolve(ClusterConfig.FILE_NAME)))
        .doesNotContain("PRIVATE");
  }

  @Test
  void twoClustersHaveNothingInCommon() throws Exception {
    ClusterInit.create(directory, OPTIONS);
    ClusterInit.create(temp.resolve("other"), OPTIONS);
    ClusterConfig one = ClusterConfig.load(directory);
    ClusterConfig two = ClusterConfig.load(temp.resolve("other"));
    assertThat(one.scope().clusterId()).isNotEqualTo(two.scope().clusterId());
    assertThat(one.replicas().get(0).key()).isNotEqualTo(two.replicas().get(0).key());
  }

  @Test
  void aHostForEachReplicaSharesPortsOnlyApart() throws Exception {
    ClusterInit.create(directory, OPTIONS.withHosts(List.of("a", "b", "a", "c")));
    assertThat(ClusterConfig.load(directory).replicas())
        .extracting(replica -> replica.host() + ":" + replica.port())
        .containsExactly("a:7400", "b:7400", "a:7401", "c:7400");
  }

  @Test
  void aClusterIsNeverOverwritten() throws Exception {
    ClusterInit.create(directory, OPTIONS);
    String before = Files.readString(directory.resolve(ClusterConfig.FILE_NAME));
    assertThatThrownBy(() -> ClusterInit.create(directory, OPTIONS))
        .hasMessage(
            directory.resolve(ClusterConfig.FILE_NAME)
                + ": already exists, a cluster is never overwritten; name another directory");
    assertThat(Files.readString(directory.resolve(ClusterConfig.FILE_NAME))).isEqualTo(before);
  }

  @Test
  void anotherClustersKeysAreLeftAlone() throws Exception {
    Path old = directory.resolve("replica-2");
    Files.createDirectories(old);
    assertThatThrownBy(() -> ClusterInit.create(directory, OPTIONS))
        .hasMessage(
            old + ": already exists, a cluster is never overwritten; name another directory");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(old);
    }
  }

  @Test
  void wrongOptionsAreNamedAndNothingIsLeftBehind() {
    fails(OPTIONS.withReplicas(3), "--replicas: is 3; give a whole number from 4 to 100");
    fails(OPTIONS.withClients(-1), "--clients: is -1; give a whole number from 0 to 10000");
    fails(OPTIONS.withBasePort(0), "--base-port: is 0; give a whole number from 1 to 65535");
    fails(
        OPTIONS.withHosts(List.of("a", "b")),
        "--host: is given 2 times; give one for all, or one for each replica");
    Path file = directory.resolve(ClusterConfig.FILE_NAME);
    fails(
        OPTIONS.withHosts(List.of("no host")),
        file
            + ":10: replicas[0].host is 'no host'; give a host name or an IP address, without the"
            + " port");
    fails(
        OPTIONS.withBasePort(65534),
        file + ":19: replicas[2].port is '65536'; give a whole number from 1 to 65535");
  }

  @Test
  void aFileInTheWayIsNamed() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> ClusterInit.create(file, OPTIONS))
        .hasMessage(file + ": is not a directory; name another");
  }
}
