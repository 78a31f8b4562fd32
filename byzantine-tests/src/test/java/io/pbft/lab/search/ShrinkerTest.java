package io.pbft.lab.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Quorums;
import io.pbft.core.runtime.Defences;
import io.pbft.lab.oracle.Judge;
import io.pbft.lab.sim.Choices;
import io.pbft.lab.sim.Simulation;
import io.pbft.lab.traitor.MutationWalker;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ShrinkerTest {
  @Test
  void whatDoesNotMatterGoes() {
    Choices choices = Choices.seeded(5);
    for (int i = 0; i < 1000; i++) {
      choices.below(1000);
    }
    int[] list = choices.drawn();
    list[700] = 999;
    Shrinker.Shrunk shrunk =
        Shrinker.shrink(list, l -> Arrays.stream(l).anyMatch(x -> x >= 990), 10_000);
    assertThat(shrunk.choices()).containsExactly(990);
  }

  @Test
  void theOrderOfWhatMattersStays() {
    int[] list = {4, 1, 7, 0, 3, 9, 2, 8, 0, 0, 5};
    Shrinker.Shrunk shrunk = Shrinker.shrink(list, ShrinkerTest::sevenBeforeEight, 1_000);
    assertThat(shrunk.choices()).containsExactly(7, 8);
  }

  private static boolean sevenBeforeEight(int[] list) {
    boolean seven = false;
    for (int each : list) {
      seven |= each == 7;
      if (seven && each == 8) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theBudgetIsKept() {
    int[] list = new int[500];
    Arrays.fill(list, 3);
    Shrinker.Shrunk shrunk =
        Shrinker.shrink(list, l -> Arrays.stream(l).filter(x -> x == 3).count() > 250, 40);
    assertThat(shrunk.runs()).isEqualTo(40);
    assertThat(shrunk.choices()).contains(3);
  }

  /** A real one: a quorum that is one short lets a random liar break agreement, in some run. */
  @Test
  void aRunThatBreaksAgreementBecomesAShortOne() {
    long seed = 1;
    int[] found = null;
    while (found == null) {
      Choices choices = Choices.seeded(seed++);
      found = breaks(choices) ? choices.drawn() : null;
    }
    Shrinker.Shrunk shrunk = Shrinker.shrink(found, l -> breaks(Choices.replay(l)), 150);
    assertThat(breaks(Choices.replay(shrunk.choices()))).isTrue();
    assertThat(shrunk.choices().length).isLessThan(found.length / 2);
  }

  private static boolean breaks(Choices choices) {
    Defences short1 =
        new Defences() {
          @Override
          public Quorums quorums(Quorums proper) {
            return new Quorums(4, 1, 2, 1);
          }
        };
    Simulation world =
        Simulation.builder()
            .config(SwarmRun.config(4))
            .choices(choices)
            .defences(id -> short1)
            .traitors(id -> id == 0 ? core -> new MutationWalker(core, 0, 4, choices, 0.5) : null)
            .build();
    Judge judge = Judge.of(world);
    Workload load = Workload.start(world, 10, 0);
    world.runUntil(() -> load.isDone() || !judge.violations().isEmpty(), 1_000);
    return judge.verdict().safe().isViolated();
  }
}
