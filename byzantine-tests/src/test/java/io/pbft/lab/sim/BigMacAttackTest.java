package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client whose MAC vectors are right for some replicas and wrong for others (Aardvark, NSDI
 * 2009).
 */
class BigMacAttackTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void whatOnlyThePrimaryCanCheckNeitherStallsTheOthersNorCostsThePrimaryItsPlace(int n) {
    Simulation world = Simulation.builder().config(Worlds.small(n)).clients(2).build();
    world.client(1).forgeMacs(replica -> replica == 0);
    world.client(1).invoke(Worlds.bytes("evil=1"), r -> {});
    Load load = Load.on(world, 1, 50);

    assertThat(load.finish(5_000)).isTrue();
    Worlds.assertAllAgree(world);
    assertThat(world.replica(1).status().primary()).isZero();
    assertThat(world.refusals()).containsKey(Reason.BAD_CLIENT_AUTH);
  }

  @Test
  void theSameClientCanDoItOnlyOnce() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).clients(2).build();
    world.client(1).forgeMacs(replica -> replica == 0);
    for (int i = 0; i < 20; i++) {
      world.client(1).invoke(Worlds.bytes("evil=" + i), r -> {});
      world.run(500);
    }
    assertThat(Load.on(world, 1, 20).finish(5_000)).isTrue();
    assertThat(world.replica(2).status().view()).isEqualTo(4);
  }

  /** An innocent one may have to: backups that had not learned its key could not check its MACs. */
  @Test
  void whoMustSignIsToldSoAndServedAsQuicklyAsBefore() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).clients(2).build();
    world.client(1).forgeMacs(replica -> replica == 0);
    world.client(1).invoke(Worlds.bytes("a=0"), r -> {});
    world.run(5_000);
    assertThat(world.replica(2).status().view()).isEqualTo(4);

    world.client(1).forgeNoMore();
    List<String> answers = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      world.client(1).invoke(Worlds.bytes("a=" + i), r -> answers.add(Worlds.text(r)));
    }
    assertThat(world.runUntil(() -> answers.size() == 100, 1_500)).isTrue();
  }

  @Test
  void whatFPlusOneOthersVouchForIsAccepted() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).build();
    world.client(0).forgeMacs(replica -> replica != 3);
    List<String> answers = new ArrayList<>();
    world.client(0).invoke(Worlds.bytes("a=1"), r -> answers.add(Worlds.text(r)));

    assertThat(world.runUntil(() -> answers.size() == 1, 1_000)).isTrue();
    Worlds.assertAllAgree(world);
    assertThat(world.replica(3).status().view()).isZero();
  }

  @Test
  void aRequestThatOnlyBackupsCanCheckAccusesNobody() {
    Simulation world = Simulation.builder().config(Worlds.small(4)).clients(2).build();
    world.client(1).forgeMacs(replica -> replica != 0);
    world.client(1).invoke(Worlds.bytes("evil=1"), r -> {});
    Load load = Load.on(world, 1, 50);

    assertThat(load.finish(5_000)).isTrue();
    world.run(5_000);
    assertThat(world.replica(2).status().view()).isZero();
  }
}
