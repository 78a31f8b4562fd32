package io.pbft.lab.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.matrix.Weakness;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random scenarios hold; and where a defence is down, one of them shows it, and becomes short. */
class ScenarioSwarmTest {
  private static final SwarmRun.Settings SMALL = new SwarmRun.Settings(0, 40, false, true);

  @Test
  void randomScenariosHold() {
    for (long seed = 1; seed <= 40; seed++) {
      Scenario scenario = Swarm.scenario(seed, SMALL);
      assertThat(ScenarioText.parse(ScenarioText.print(scenario))).isEqualTo(scenario);
      Swarm.Wrong wrong = Swarm.examine(scenario, seed, Defences.ALL);
      assertThat(wrong).as("lab swarm --seeds %d..%d --operations 40", seed, seed).isNull();
    }
  }

  @Test
  void aViolationBecomesAShortFileThatReproducesIt() {
    Defences weak = Weakness.named("quorum q").defences();
    long seed = 0;
    Swarm.Wrong wrong = null;
    while (wrong == null || !wrong.property().equals("safe")) {
      seed++;
      wrong = Swarm.examine(Swarm.scenario(seed, SwarmRun.Settings.FOUR), seed, weak);
    }
    long found = seed;
    Scenario whole = Swarm.scenario(found, SwarmRun.Settings.FOUR);
    Scenario shrunk =
        ScenarioShrinker.shrink(whole, shorter -> breaksSafety(shorter, found, weak), 150)
            .scenario();
    String file =
        ScenarioText.print(
            shrunk.withReplay(shrunk.replay().with("seed", found).with("without", "quorum q")));

    assertThat(file.lines().count()).isLessThan(ScenarioText.print(whole).lines().count());
    Scenario read = ScenarioText.parse(file);
    Defences named = Weakness.named(read.without()).defences();
    assertThat(breaksSafety(read, read.seed(1), named)).as(file).isTrue();
    assertThat(breaksSafety(read, read.seed(1), Defences.ALL)).as(file).isFalse();
  }

  /** What the search found, as it saved it: it went wrong until the bug was gone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoint-heard-of-beyond-the-window",
        "checkpoints-lost-in-a-crash",
        "equal-fast-reads-together",
        "room-that-an-answer-makes",
        "start-below-what-is-known",
        "votes-lacked-after-a-view-change"
      })
  void whatWasFoundHoldsNow(String name) {
    Scenario found = ScenarioText.parse(Resources.read("found/" + name + ".traitor"));
    assertThat(Swarm.examine(found, found.seed(1), Defences.ALL)).isNull();
  }

  private static boolean breaksSafety(Scenario scenario, long seed, Defences defences) {
    Swarm.Wrong wrong = Swarm.examine(scenario, seed, defences);
    return wrong != null && wrong.property().equals("safe");
  }
}
