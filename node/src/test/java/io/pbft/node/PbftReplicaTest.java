package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.ReplicaCore;
import io.pbft.core.spi.Recovered;
import io.pbft.crypto.KeyFiles;
import io.pbft.crypto.SigningKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be wrong when a replica or client starts, and how it starts and ends. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PbftReplicaTest {
  @TempDir Path temp;
  private Path directory;
  private ClusterConfig config;

  @BeforeEach
  void init() throws Exception {
    directory = TestCluster.init(temp.resolve("c"), ClusterInit.Options.defaults()).directory();
    config = ClusterConfig.load(directory);
  }

  private void failsToStart(PbftReplica.Builder builder, String message) {
    assertThatThrownBy(builder::start).isInstanceOf(ConfigException.class).hasMessage(message);
  }

  @Test
  void itSaysWhereItListensAndStops() throws Exception {
    PbftReplica replica = PbftReplica.builder(directory, 2).start();
    assertThat(replica.id()).isEqualTo(2);
    assertThat(replica.port()).isEqualTo(config.replicas().get(2).port());
    assertThat(replica.status().lastExecuted()).isZero();
    assertThat(replica.stopped()).isNotDone();
    replica.close();
    TestCluster.await(replica.stopped());
    assertThatThrownBy(replica::status).hasMessageContaining("has stopped");
  }

  @Test
  void oneIdRunsOnceAtATime() throws Exception {
    try (PbftReplica first = PbftReplica.builder(directory, 1).start()) {
      assertThat(first.port()).isPositive();
      failsToStart(
          PbftReplica.builder(directory, 1),
          directory.resolve("replica-1/data")
              + ": replica 1 is running already; stop that process, two of one id would count as a"
              + " traitor");
    }
    PbftReplica.builder(directory, 1).start().close();
  }

  /** It was not, one time in twenty. */
  @RepeatedTest(20)
  void aPortIsFreeOnceItsReplicaHasStopped() throws Exception {
    PbftReplica.builder(directory, 1).start().close();
    PbftReplica.builder(directory, 1).start().close();
  }

  @Test
  void aPortInUseIsNamedAndTheLockGivenBack() throws Exception {
    int port = config.replicas().get(1).port();
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(other.isBound()).isTrue();
      assertThatThrownBy(() -> PbftReplica.builder(directory, 1).start())
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("replica 1 can't listen on 127.0.0.1:" + port + ": ")
          .hasMessageEndingWith(
              "; stop what uses the port, or change host or port in cluster.yaml");
    }
    PbftReplica.builder(directory, 1).start().close();
  }

  @Test
  void aKeyThatIsNotTheConfiguredOneIsRefused() throws Exception {
    Path file = directory.resolve("replica-1/key.pem");
    SigningKey other = SigningKey.generate(new SecureRandom());
    Files.delete(file);
    KeyFiles.write(file, other);
    failsToStart(
        PbftReplica.builder(directory, 1),
        file
            + ": is the key "
            + other.verifyingKey().fingerprint()
            + ", but cluster.yaml names "
            + config.replicas().get(1).key().fingerprint()
            + " for replica 1; restore the right key file, or mend the public-key");
    Files.delete(file);
    failsToStart(
        PbftReplica.builder(directory, 1),
        file + ": does not exist; create a key or correct the path");
    failsToStart(
        PbftReplica.builder(config, 1, other),
        "replica 1: is the key "
            + other.verifyingKey().fingerprint()
            + ", but cluster.yaml names "
            + config.replicas().get(1).key().fingerprint()
            + " for replica 1; restore the right key file, or mend the public-key");
  }

  @Test
  void whoIsNotInTheClusterIsTold() {
    failsToStart(
        PbftReplica.builder(directory, 4),
        "replica 4: there is none; the cluster has replicas 0 to 3");
    assertThatThrownBy(() -> PbftClients.connect(directory, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessage("client 1: there is none; cluster.yaml lists 1, name one of them");
  }

  @Test
  void aJournalIsNotIgnored() throws Exception {
    PbftReplica.builder(directory, 0).durability(Durability.SYNC).start().close();
    failsToStart(
        PbftReplica.builder(directory, 0).durability(Durability.MEMORY),
        directory.resolve("replica-0").resolve("data")
            + ": holds a journal, and durability memory would ignore it; use sync or async, or"
            + " remove that directory");
  }

  @Test
  void servicesAreNamesOrClasses() {
    assertThatThrownBy(() -> Services.create("nonesuch"))
        .hasMessageStartingWith("service: 'nonesuch' is not known; give one of [")
        .hasMessageEndingWith(
            "or the full name of a class that implements io.pbft.core.spi.StateMachine");
    assertThatThrownBy(() -> Services.create("no.such.Thing"))
        .hasMessage(
            "service: class 'no.such.Thing' is not on the class path; add its jar, or mend the"
                + " name");
    assertThatThrownBy(() -> Services.create("java.lang.String"))
        .hasMessage(
            "service: class 'java.lang.String' does not implement io.pbft.core.spi.StateMachine;"
                + " name one that does");
  }

  /**
   * Without a disk a replica must know at least that it has lived before (PROTOCOL.md, Restart).
   */
  @Test
  void aSecondLifeIsKnownAsSuch() throws Exception {
    List<Recovered> lives = new ArrayList<>();
    for (int life = 0; life < 2; life++) {
      lives.add(startedWith(PbftReplica.builder(directory, 0)));
    }
    assertThat(lives).extracting(Recovered::fresh).containsExactly(true, false);
  }

  /** Starts and stops a replica; what it found of itself. */
  private static Recovered startedWith(PbftReplica.Builder builder) throws Exception {
    List<Recovered> found = new ArrayList<>();
    Consumer<Event> note =
        event -> {
          if (event instanceof Event.Started started) {
            found.add(started.recovered());
          }
        };
    builder.decorate(core -> wrap(core, note)).start().close();
    return found.get(0);
  }

  /** Somebody emptied its journal: it has voted, and what for is gone. */
  @Test
  void anEmptiedJournalIsNoFirstStart() throws Exception {
    PbftReplica.builder(directory, 0).durability(Durability.SYNC).start().close();
    try (var files = Files.list(directory.resolve("replica-0/data/journal"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Recovered found = startedWith(PbftReplica.builder(directory, 0).durability(Durability.SYNC));
    assertThat(found.isAmnesiac()).isTrue();
  }

  @Test
  void aReplicaThatStopsItselfSaysWhy() throws Exception {
    PbftReplica replica =
        PbftReplica.builder(directory, 0)
            .decorate(
                core ->
                    wrap(
                        core,
                        event -> {
                          if (event instanceof Event.TimerFired) {
                            throw new IllegalStateException("a bug");
                          }
                        }))
            .start();
    assertThatThrownBy(() -> TestCluster.await(replica.stopped()))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("a bug");
    replica.close();
    PbftReplica.builder(directory, 0).start().close();
  }

  private static ReplicaCore wrap(ReplicaCore core, Consumer<Event> before) {
    return new ReplicaCore() {
      @Override
      public List<Effect> step(Event event) {
        before.accept(event);
        return core.step(event);
      }

      @Override
      public CoreStatus status() {
        return core.status();
      }
    };
  }
}
