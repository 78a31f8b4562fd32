package io.pbft.compare.zab;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.sim.Client;
import io.pbft.compare.sim.Message.Purpose;
import io.pbft.compare.sim.World;
import org.junit.jupiter.api.Test;

class ZabTest {
  private final World world = new World(3, 1, id -> new Zab(id, 3));
  private final Client client = world.client(2);

  private void askAndAwait(int operations) {
    client.ask(operations);
    assertThat(world.runUntil(client::isDone, 10_000_000)).isTrue();
  }

  @Test
  void whoHasTheHighestIdLeadsWhereAllAreAlike() {
    world.run(100_000);
    askAndAwait(1);
    assertThat(world.counters().of(Purpose.CLIENT, "REQUEST").sent()).isEqualTo(1);
  }

  @Test
  void whoHasTheLatestEpochAndTheLongestHistoryIsVotedFor() {
    assertThat(new Vote(2, 2, 1, 0)).isGreaterThan(new Vote(1, 1, 9, 2));
    assertThat(new Vote(2, 2, 3, 0)).isGreaterThan(new Vote(2, 2, 2, 2));
    assertThat(new Vote(2, 2, 2, 2)).isGreaterThan(new Vote(2, 2, 2, 1));
  }

  @Test
  void discoverySynchronisationAndBroadcastHappenInThatOrder() {
    askAndAwait(1);
    for (String type :
        new String[] {
          "CEPOCH", "NEW-EPOCH", "ACK-EPOCH", "NEW-LEADER", "ACK-LEADER", "COMMIT-LEADER"
        }) {
      assertThat(world.counters().of(Purpose.ELECTION, type).sent()).as(type).isEqualTo(2);
    }
    assertThat(world.counters().of(Purpose.ORDERING, "PROPOSE").sent()).isEqualTo(2);
  }

  @Test
  void lostProposalsAreSentAgainAndCountedApart() {
    askAndAwait(1);
    world.network().loss(0.1);
    askAndAwait(50);
    world.network().heal();
    assertThat(world.runUntil(world::allCaughtUp, 5_000_000)).isTrue();
    assertThat(world.counters().of(Purpose.REPAIR, "PROPOSE").sent()).isPositive();
  }
}
