package io.pbft.lab.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One scenario and one seed are one run, and what is wrong with a run is said. */
class PlayerTest {
  private static Scenario file(String name) {
    return ScenarioText.parse(Resources.read(name + ".traitor"));
  }

  private static Scenario text(String lines) {
    return ScenarioText.parse("scenario \"x\"\nclient c0 kv puts=10\n" + lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"catalogue/X10", "catalogue/N12", "catalogue/P31", "catalogue/C09"})
  void aReplayIsExact(String name) {
    Played first = Player.play(file(name), 7);
    Played again = Player.play(ScenarioText.parse(ScenarioText.print(file(name))), 7);
    assertThat(again).isEqualTo(first);
    assertThat(Player.play(file(name), 8).fingerprint()).isNotEqualTo(first.fingerprint());
  }

  @Test
  void anExpectationThatFailsIsAViolation() {
    Played played = Player.play(text("expect view >= 3, refused BAD_AUTH"), 1);
    assertThat(played.verdict()).isEqualTo(Played.Verdict.VIOLATED);
    assertThat(played.violations())
        .containsExactly(
            "VIOLATED view >= 3: it was 0", "VIOLATED refused BAD_AUTH: it was 0, by sender {}");
  }

  @Test
  void livenessThatNobodyOwesIsInconclusive() {
    Played played = Player.play(text("network\n  at 0ms : crash r1 r2\nexpect live\nrun 2s"), 1);
    assertThat(played.verdict()).isEqualTo(Played.Verdict.INCONCLUSIVE);
    assertThat(played.violations().get(0)).startsWith("NOT_OWED live: c0 waits");
  }

  @Test
  void livenessThatIsOwedIsNot() {
    String slow = "network latency=900..900ms\nexpect live\nrun 1s";
    assertThat(Player.play(text(slow), 1).verdict()).isEqualTo(Played.Verdict.VIOLATED);
  }

  @Test
  void withMoreThanFTraitorsTheBreachIsSeen() {
    Scenario control = file("catalogue/Z01");
    assertThat(Player.play(control, 1).verdict()).isEqualTo(Played.Verdict.AS_EXPECTED);
    Scenario claimedSafe =
        ScenarioText.parse(ScenarioText.print(control).replace("expect violated", "expect safe"));
    assertThat(Player.play(claimedSafe, 1).violations().get(0))
        .startsWith("VIOLATED safe: agreement");
  }

  @Test
  void rulesThatNeverApplyAreNamed() {
    Played played = Player.play(text("traitor r1\n  when sending COMMIT slot=99 : drop"), 1);
    assertThat(played.idle()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "traitor r0 \\ when receiving COMMIT : delay 5ms | 'delay 5ms' needs 'when sending'",
        "traitor r0 \\ every 5ms : drop | 'drop' needs 'when sending'",
        "traitor r0 \\ when sending COMMIT : reflect | 'reflect' needs 'when receiving'",
        "traitor c1 \\ when starting : mute | a client can only 'request'",
        "cluster window=3 checkpoint=2 | logWindow must be a multiple of checkpointInterval",
        "cluster n=3 | need at least 4 replicas",
        "traitor r9 | there is no r9",
        "traitor r0 plays hamlet | no traitor 'hamlet'",
      })
  void whatMakesNoSenseIsRefused(String lines, String message) {
    assertThatThrownBy(() -> Player.play(text(lines.replace("\\", "\n ")), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
