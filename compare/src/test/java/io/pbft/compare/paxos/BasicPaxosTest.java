package io.pbft.compare.paxos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.compare.sim.Client;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.compare.sim.World;
import org.junit.jupiter.api.Test;

class BasicPaxosTest {
  private static World world(int n) {
    return new World(n, 1, id -> new BasicPaxos(id, n));
  }

  @Test
  void oneOfTwoCommandsIsChosenAndBothClientsAreTold() {
    World world = world(3);
    Client one = world.client(0);
    Client two = world.client(2);
    one.ask(1);
    two.ask(1);
    assertThat(world.runUntil(() -> one.isDone() && two.isDone(), 5_000_000)).isTrue();
    assertThat(world.decided()).isEqualTo(1);
  }

  @Test
  void aMinorityMayBeDown() {
    World world = world(5);
    world.crash(3);
    world.crash(4);
    Client client = world.client(0);
    client.ask(1);
    assertThat(world.runUntil(client::isDone, 1_000_000)).isTrue();
  }

  @Test
  void withoutAMajorityNothingIsChosen() {
    World world = world(4);
    world.crash(2);
    world.crash(3);
    Client client = world.client(0);
    client.ask(1);
    assertThat(world.runUntil(client::isDone, 5_000_000)).isFalse();
    assertThat(world.decided()).isZero();
  }

  @Test
  void aLaterProposerFindsWhatWasChosen() {
    World world = chosenByTwoOfThree();
    world.restart(1);
    Client late = world.client(2);
    late.ask(1);
    assertThat(world.runUntil(late::isDone, 5_000_000)).isTrue();
    assertThat(world.decided()).isEqualTo(1);
    assertThat(world.runUntil(world::allCaughtUp, 1_000_000)).isTrue();
    world.checkDurable();
  }

  /** Why acceptors write before they answer: the same, but an acceptor forgets. */
  @Test
  void anAcceptorThatForgetsBreaksAgreement() {
    World world = chosenByTwoOfThree();
    world.restartWithoutMemory(1);
    Client late = world.client(2);
    late.ask(1);
    assertThatThrownBy(() -> world.runUntil(late::isDone, 5_000_000))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("agreement");
  }

  /** Nodes 0 and 1 have chosen; then 0 is gone and nobody was told. */
  private static World chosenByTwoOfThree() {
    World world = world(3);
    world.network().cut(0, 2);
    Client client = world.client(0);
    client.ask(1);
    // One delay each: request, 1a, 1b, 2a, 2b; the node learns with the last.
    world.run(5_000);
    assertThat(world.deliveredBy(0)).isEqualTo(1);
    world.crash(0);
    world.crash(1);
    world.run(2_000);
    world.network().heal();
    return world;
  }

  @Test
  void aDeposedProposerCostsARefusalAndARound() {
    World world = world(3);
    Client one = world.client(0);
    Client two = world.client(1);
    one.ask(1);
    two.ask(1);
    world.runUntil(() -> one.isDone() && two.isDone(), 5_000_000);
    assertThat(world.counters().of(Purpose.REPAIR, "NACK").sent()).isPositive();
  }
}
