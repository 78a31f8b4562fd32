package io.pbft.compare.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.paxos.MultiPaxos;
import io.pbft.compare.zab.Zab;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every protocol with a leader must bear: three nodes, one or all of them down for a while.
 */
class LeaderChangeTest {
  enum Subject {
    MULTI_PAXOS(0),
    ZAB(2);

    private final int firstLeader;

    Subject(int firstLeader) {
      this.firstLeader = firstLeader;
    }

    private World world() {
      return this == ZAB
          ? new World(3, 1, id -> new Zab(id, 3))
          : new World(3, 1, id -> new MultiPaxos(id, 3));
    }
  }

  private World world;
  private Client client;

  private void begin(Subject subject) {
    world = subject.world();
    world.run(200_000);
    client = world.client(subject.firstLeader);
    askAndAwait(5);
  }

  private void askAndAwait(int operations) {
    client.ask(operations);
    assertThat(world.runUntil(client::isDone, 10_000_000)).isTrue();
  }

  private void assertAllHave(int operations) {
    assertThat(world.runUntil(world::allCaughtUp, 5_000_000)).isTrue();
    for (int i = 0; i < 3; i++) {
      assertThat(world.isUp(i) ? world.deliveredBy(i) : operations).isEqualTo(operations);
    }
    world.checkDurable();
  }

  @ParameterizedTest
  @EnumSource
  void anotherTakesOverAndKeepsEverything(Subject subject) {
    begin(subject);
    world.crash(subject.firstLeader);
    askAndAwait(5);
    assertAllHave(10);
  }

  @ParameterizedTest
  @EnumSource
  void aNodeThatWasDownLearnsWhatItMissed(Subject subject) {
    begin(subject);
    world.crash(1);
    askAndAwait(100);
    world.restart(1);
    assertAllHave(105);
  }

  @ParameterizedTest
  @EnumSource
  void allMayDieAtOnce(Subject subject) {
    begin(subject);
    for (int i = 0; i < 3; i++) {
      world.crash(i);
    }
    world.run(50_000);
    for (int i = 0; i < 3; i++) {
      world.restart(i);
    }
    askAndAwait(5);
    assertAllHave(10);
  }

  @ParameterizedTest
  @EnumSource
  void withoutAMajorityNothingIsDecided(Subject subject) {
    begin(subject);
    world.crash((subject.firstLeader + 1) % 3);
    world.crash((subject.firstLeader + 2) % 3);
    client.ask(1);
    assertThat(world.runUntil(client::isDone, 5_000_000)).isFalse();
    assertThat(world.decided()).isEqualTo(5);
  }
}
