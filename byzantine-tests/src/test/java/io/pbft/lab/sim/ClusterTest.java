package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.MessageType;
import io.pbft.core.validation.AuthenticationMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole cluster through its ordinary and its bad days. */
class ClusterTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 10})
  void answersEveryRequestAtEveryClusterSize(int n) {
    Simulation world = Simulation.builder().config(Worlds.small(n)).clients(3).build();
    Load load = Load.on(world, 3, 40);

    assertThat(load.finish(10_000)).isTrue();
    Worlds.assertAllAgree(world);
    assertThat(world.replica(0).status().view()).isZero();
    assertThat(world.refusals()).doesNotContainKey(io.pbft.core.message.Reason.BAD_AUTH);
  }

  @ParameterizedTest
  @EnumSource(AuthenticationMode.class)
  void answersInBothAuthenticationModes(AuthenticationMode mode) {
    Simulation world = Simulation.builder().config(Worlds.small(4)).mode(mode).build();
    assertThat(Load.on(world, 1, 30).finish(10_000)).isTrue();
    Worlds.assertAllAgree(world);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6, 7})
  void goesOnInTheNextViewWhenThePrimaryDies(int n) {
    Simulation world = Simulation.builder().config(Worlds.small(n)).clients(2).build();
    Load load = Load.on(world, 2, 60);
    world.run(20);
    world.crash(0);

    assertThat(load.finish(10_000)).isTrue();
    assertThat(world.replica(1).status().view()).isEqualTo(1);
    Worlds.assertAllAgree(world, 0);
  }

  @Test
  void twoPrimariesInARowDie() {
    Simulation world = Simulation.builder().config(Worlds.small(7)).clients(2).build();
    Load load = Load.on(world, 2, 60);
    world.run(20);
    world.crash(0);
    world.crash(1);

    assertThat(load.finish(20_000)).isTrue();
    assertThat(world.replica(2).status().view()).isEqualTo(2);
    Worlds.assertAllAgree(world, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void losesNothingOverALossyNetwork(long seed) {
    Simulation world = Simulation.builder().config(Worlds.small(4)).clients(2).seed(seed).build();
    world.network().loss(0.1).duplication(0.05);
    Load load = Load.on(world, 2, 60);
    world.run(3_000);
    world.network().heal();

    assertThat(load.finish(20_000)).isTrue();
    Worlds.assertAllAgree(world);
  }

  @Test
  @DisplayName("Four windows behind, and the others do not wait: it follows batch by batch, faster")
  void aReplicaThatWasCutOffCatchesUpWhileTheOthersAreAtFullLoad() {
    Simulation world =
        Simulation.builder()
            .config(Worlds.small(4).toBuilder().history(1000).build())
            .clients(4)
            .build();
    Load load = Load.on(world, 4, 2_000);
    world.run(100);
    world.network().isolate(3, 4);
    world.runUntil(() -> world.replica(0).status().lastExecuted() > 128, 10_000);
    world.network().heal();

    assertThat(
            world.runUntil(
                () ->
                    world.replica(3).status().lastExecuted() + 8
                        >= world.replica(0).status().lastExecuted(),
                5_000))
        .isTrue();
    assertThat(load.isFinished()).as("the others are still at it").isFalse();
    assertThat(load.finish(30_000)).isTrue();
    Worlds.assertAllAgree(world);
    assertThat(world.replica(0).status().view()).isZero();
  }

  @Test
  void aReplicaThatWasCutOffCatchesUpThoughNobodySendsAnything() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).build();
    world.network().isolate(3, 4);
    assertThat(Load.on(world, 1, 200).finish(10_000)).isTrue();
    assertThat(world.replica(3).status().lastExecuted()).isZero();
    world.network().heal();

    assertThat(
            world.runUntil(
                () ->
                    world.replica(3).status().lastExecuted()
                        == world.replica(0).status().lastExecuted(),
                5_000))
        .isTrue();
    Worlds.assertAllAgree(world);
    assertThat(world.replica(0).status().view()).isZero();
  }

  @Test
  void aReplicaThatMissedOneCommitCatchesUpByClaims() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).build();
    world.network().filter((from, to, type) -> to.id() != 3 || type != MessageType.COMMIT.tag());
    assertThat(Load.on(world, 1, 3).finish(10_000)).isTrue();
    world.network().filter((from, to, type) -> to.id() != 3 || type != MessageType.COMMIT.tag());
    world.run(1_000);

    assertThat(world.replica(3).status().lastExecuted())
        .isEqualTo(world.replica(0).status().lastExecuted());
  }

  @Test
  void aReplicaThatLostItsMemoryFetchesTheStateAndVotesOnlyWhereItCannotHaveVoted() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).build();
    assertThat(Load.on(world, 1, 100).finish(10_000)).isTrue();
    world.crash(2);
    world.restartWithoutMemory(2);
    world.run(2_000);
    assertThat(world.replica(2).status().waitingFor()).contains("votes again after");
    Load more = Load.on(world, 1, 200);

    assertThat(more.finish(20_000)).isTrue();
    world.run(2_000);
    assertThat(world.replica(2).status().waitingFor()).isEmpty();
    Worlds.assertAllAgree(world);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void whenAllAreKilledAtOnceNothingAcknowledgedIsLost(int n) {
    Simulation world = Simulation.builder().config(Worlds.small(n)).clients(2).build();
    Load load = Load.on(world, 2, 100);
    for (int round = 0; round < 10; round++) {
      world.run(70 + 13 * round);
      for (int i = 0; i < n; i++) {
        world.crash(i);
      }
      for (int i = 0; i < n; i++) {
        world.restart(i);
      }
    }
    assertThat(load.finish(20_000)).isTrue();
    Worlds.assertAllAgree(world);
  }

  @Test
  void anOperationThatThrowsIsAnErrorResultAndNotTheEndOfTheReplica() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).build();
    java.util.List<String> answers = new java.util.ArrayList<>();
    world.client(0).invoke(Worlds.bytes("!"), r -> answers.add(r.outcome().toString()));
    world.client(0).invoke(Worlds.bytes("a=1"), r -> answers.add(r.outcome().toString()));

    assertThat(world.runUntil(() -> answers.size() == 2, 2_000)).isTrue();
    assertThat(answers).containsExactly("FAILED", "OK");
  }

  @Test
  void sameSeedSameTrace() {
    assertThat(fingerprint(42)).isEqualTo(fingerprint(42)).isNotEqualTo(fingerprint(43));
  }

  private static String fingerprint(long seed) {
    Simulation world = Simulation.builder().config(Worlds.small(4)).seed(seed).build();
    world.network().loss(0.05);
    Load load = Load.on(world, 1, 30);
    world.run(2_000);
    world.network().heal();
    assertThat(load.finish(20_000)).isTrue();
    return world.fingerprint().toHex();
  }

  @Test
  void manyOperationsInFlightKeepTheirOrder() {
    ProtocolConfig config = Worlds.small(4);
    Simulation world = Simulation.builder().config(config).build();
    java.util.List<String> answers = new java.util.ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      world.client(0).invoke(Worlds.bytes("k=" + i), r -> answers.add(Worlds.text(r)));
    }
    assertThat(world.runUntil(() -> answers.size() == 100, 5_000)).isTrue();
    assertThat(world.replica(1).status().lastExecuted()).isLessThan(100);
    assertThat(((RegisterMachine) world.replica(2).machine()).contents()).containsEntry("k", "100");
  }
}
