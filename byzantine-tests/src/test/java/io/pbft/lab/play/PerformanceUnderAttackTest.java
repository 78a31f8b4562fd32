package io.pbft.lab.play;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an attack may cost, in virtual time, beside the same run without the traitor; the bounds are
 * those that {@code docs/testing.md} promises, and the figures there come from these scenarios.
 */
class PerformanceUnderAttackTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "slow-primary",
        "censored-client",
        "mac-flood",
        "signature-flood",
        "view-change-storm",
        "dynasty"
      })
  void costsNoMoreThanPromised(String name) {
    Scenario scenario = ScenarioText.parse(Resources.read("performance/" + name + ".traitor"));
    Played played = Player.play(scenario, 1);
    assertThat(played.violations()).isEmpty();
    assertThat(played.idle()).isEmpty();
  }
}
