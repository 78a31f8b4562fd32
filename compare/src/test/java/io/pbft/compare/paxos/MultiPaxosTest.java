package io.pbft.compare.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.sim.Client;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.compare.sim.World;
import org.junit.jupiter.api.Test;

class MultiPaxosTest {
  private final World world = new World(3, 1, id -> new MultiPaxos(id, 3));
  private final Client client = world.client(0);

  private void askAndAwait(int operations) {
    client.ask(operations);
    assertThat(world.runUntil(client::isDone, 10_000_000)).isTrue();
  }

  @Test
  void aStableLeaderNeedsPhaseOneOnce() {
    askAndAwait(10);
    world.run(10_000);
    assertThat(world.counters().of(Purpose.ELECTION, "PREPARE").sent()).isEqualTo(2);
    assertThat(world.counters().of(Purpose.ORDERING, "ACCEPT").sent()).isEqualTo(20);
  }

  /** A command that its leader could tell only one other about survives it. */
  @Test
  void whatADeadLeaderLeftHalfDoneIsFinished() {
    askAndAwait(1);
    world.network().cut(0, 2);
    world.network().cut(1, 0);
    client.ask(1);
    world.run(2_000);
    world.crash(0);
    world.network().heal();
    assertThat(world.runUntil(() -> world.decided() == 2, 5_000_000)).isTrue();
    assertThat(world.counters().of(Purpose.ELECTION, "ACCEPT").sent()).isPositive();
  }
}
