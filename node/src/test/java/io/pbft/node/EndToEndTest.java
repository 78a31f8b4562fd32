package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.client.PbftClient;
import io.pbft.client.ReadMode;
import io.pbft.core.Observation;
import io.pbft.core.driver.ReplicaListener;
import io.pbft.core.message.StatusReport;
import io.pbft.core.validation.AuthenticationMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real keys, real files, real TCP: four replicas and their clients in one process. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EndToEndTest {
  private static final byte[] ADD = "add".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;

  private TestCluster cluster(ClusterInit.Options options) throws Exception {
    return TestCluster.init(temp.resolve("cluster"), options);
  }

  private static long add(PbftClient client) throws Exception {
    return Counter.number(TestCluster.await(client.invoke(ADD)));
  }

  @ParameterizedTest
  @EnumSource(AuthenticationMode.class)
  void clientsWriteAndReadInEveryMode(AuthenticationMode mode) throws Exception {
    ClusterInit.Options options =
        ClusterInit.Options.defaults().withAuthentication(mode).withClients(2);
    try (TestCluster cluster = cluster(options).startAll();
        PbftClient one = cluster.client(0);
        PbftClient two = cluster.client(1)) {
      assertThat(add(one)).isEqualTo(1);
      assertThat(add(two)).isEqualTo(2);
      assertThat(add(one)).isEqualTo(3);
      for (ReadMode readMode : List.of(ReadMode.ORDERED, ReadMode.FAST)) {
        assertThat(Counter.number(TestCluster.await(two.read(new byte[0], readMode)))).isEqualTo(3);
      }
      assertThat(Counter.number(TestCluster.await(two.read(new byte[0], ReadMode.STALE))))
          .isBetween(0L, 3L);
    }
  }

  @Test
  void aThrowingStateMachineIsAnAnswerAndNotADeadReplica() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults()).startAll();
        PbftClient client = cluster.client(0)) {
      assertThat(add(client)).isEqualTo(1);
      byte[] boom = "boom".getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> TestCluster.await(client.invoke(boom)))
          .hasMessageContaining("java.lang.UnsupportedOperationException");
      assertThat(add(client)).isEqualTo(2);
    }
  }

  @Test
  void theNextPrimaryTakesOverWhenTheFirstStops() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults()).startAll();
        PbftClient client = cluster.client(0)) {
      assertThat(add(client)).isEqualTo(1);
      cluster.stop(0);
      for (long expected = 2; expected <= 50; expected++) {
        assertThat(add(client)).isEqualTo(expected);
      }
      assertThat(cluster.replica(1).status().view()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8192})
  void aReplicaThatForgotEverythingCatchesUp(int history) throws Exception {
    boolean fetchesState = history == 0;
    try (TestCluster cluster =
            cluster(ClusterInit.Options.defaults()).set("history", history).startAll();
        PbftClient client = cluster.client(0)) {
      assertThat(add(client)).isEqualTo(1);
      cluster.stop(3);
      // More sequence numbers than a checkpoint interval, so that the log alone does not do;
      // what the others keep below it, if anything, does.
      for (long expected = 2; expected <= 300; expected++) {
        assertThat(add(client)).isEqualTo(expected);
      }
      CompletableFuture<Long> caughtUp = new CompletableFuture<>();
      cluster.start(
          3,
          new ReplicaListener() {
            @Override
            public void onObservation(Observation observation) {
              if (fetchesState && observation instanceof Observation.TransferFinished finished) {
                caughtUp.complete(finished.sequence());
              } else if (!fetchesState
                  && observation instanceof Observation.CheckpointStable stable
                  && stable.sequence() >= 256) {
                caughtUp.complete(stable.sequence());
              }
            }
          });
      assertThat(TestCluster.await(caughtUp)).isGreaterThanOrEqualTo(128);
      assertThat(cluster.replica(3).status().stableCheckpoint()).isGreaterThanOrEqualTo(128);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"SYNC", "ASYNC"},
      value = Durability.class)
  void whenAllStopAtOnceTheJournalsHoldEverything(Durability durability) throws Exception {
    try (TestCluster cluster =
        cluster(ClusterInit.Options.defaults()).durability(durability).startAll()) {
      try (PbftClient client = cluster.client(0)) {
        // Beyond a checkpoint, so that snapshot and log are both needed.
        for (long expected = 1; expected <= 200; expected++) {
          assertThat(add(client)).isEqualTo(expected);
        }
      }
      for (int round = 0; round < 3; round++) {
        for (int id = 0; id < TestCluster.N; id++) {
          cluster.stop(id);
        }
        cluster.startAll();
        try (PbftClient client = cluster.client(0)) {
          assertThat(add(client)).isEqualTo(201 + round);
        }
      }
    }
  }

  @Test
  void manyOperationsInFlightKeepTheirOrder() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults()).startAll();
        PbftClient client = cluster.client(0)) {
      List<CompletableFuture<byte[]>> answers = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        answers.add(client.invoke(ADD));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(Counter.number(TestCluster.await(answers.get(i)))).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void anOperatorSeesHowAReplicaIs() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults()).startAll();
        PbftClient client = cluster.client(0)) {
      assertThat(add(client)).isEqualTo(1);
      // f+1 others may have answered before this one has executed.
      StatusReport report = TestCluster.await(client.status(0));
      while (report.lastExecuted() == 0) {
        report = TestCluster.await(client.status(0));
      }
      assertThat(report.replica()).isZero();
      assertThat(report.lastExecuted()).isEqualTo(1);
      assertThat(report.active()).isTrue();
      assertThat(report.peersConnected()).isBetween(2, 3);
      assertThat(cluster.replica(0).status().lastExecuted()).isEqualTo(1);
    }
  }

  /** Replicas start last, so that nothing completes before it is known what depends on it. */
  @Test
  void clientsShareAThreadAndCloseEachOtherOnIt() throws Exception {
    ClusterInit.Options options = ClusterInit.Options.defaults().withClients(2);
    try (TestCluster cluster = cluster(options);
        ClientThreads threads = new ClientThreads(1);
        PbftClient one = PbftClients.connect(cluster.directory(), 0, threads);
        PbftClient two = PbftClients.connect(cluster.directory(), 1, threads)) {
      CompletableFuture<Thread> completes = one.invoke(ADD).thenApply(x -> Thread.currentThread());
      CompletableFuture<Thread> closes =
          two.invoke(ADD)
              .thenCombine(
                  completes,
                  (answer, first) -> {
                    var unusedNeverAnswered = one.invoke(ADD);
                    one.close();
                    return Thread.currentThread();
                  });
      cluster.startAll();
      assertThat(TestCluster.await(closes).getName()).isEqualTo("pbft-clients-0");
      assertThat(TestCluster.await(completes)).isSameAs(closes.join());
      assertThat(add(two)).as("the other goes on").isGreaterThanOrEqualTo(3);
      assertThatThrownBy(() -> add(one)).hasMessageContaining("closed");
    }
  }

  @Test
  void aClientMayBeClosedWhereItsFuturesComplete() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults());
        PbftClient client = cluster.client(0)) {
      CompletableFuture<byte[]> open = new CompletableFuture<>();
      CompletableFuture<Thread> closes =
          client
              .invoke(ADD)
              .thenApply(
                  answer -> {
                    var unusedOpen =
                        client
                            .invoke(ADD)
                            .whenComplete((result, failure) -> open.completeExceptionally(failure));
                    client.close();
                    return Thread.currentThread();
                  });
      cluster.startAll();
      Thread own = TestCluster.await(closes);
      assertThat(own.getName()).isEqualTo("pbft-client-0");
      assertThatThrownBy(() -> TestCluster.await(open)).hasMessageContaining("closed");
      own.join(TimeUnit.SECONDS.toMillis(60));
      assertThat(own.isAlive()).as("the thread is the client's and ends with it").isFalse();
    }
  }

  @Test
  void withoutThreadsNothingHangs() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults()).startAll();
        ClientThreads threads = new ClientThreads(1);
        PbftClient client = PbftClients.connect(cluster.directory(), 0, threads)) {
      assertThat(add(client)).isEqualTo(1);
      threads.close();
      assertThatThrownBy(() -> add(client)).hasMessageContaining("closed");
    }
    assertThatThrownBy(() -> new ClientThreads(0)).hasMessageContaining("at least one thread");
  }

  @Test
  void twoProcessesMayUseOneClientIdentity() throws Exception {
    try (TestCluster cluster = cluster(ClusterInit.Options.defaults()).startAll();
        PbftClient one = cluster.client(0);
        PbftClient same = cluster.client(0)) {
      for (long expected = 1; expected <= 10; expected += 2) {
        assertThat(add(one)).isEqualTo(expected);
        assertThat(add(same)).isEqualTo(expected + 1);
      }
    }
  }
}
