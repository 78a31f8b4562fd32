package io.pbft.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One model, its text, and back. */
class ScenarioTextTest {
  @Test
  void whateverCanBeSaidIsReadAsItWasMeant() {
    for (long seed = 1; seed <= 500; seed++) {
      Scenario scenario = new RandomScenarios(seed).next();
      String text = ScenarioText.print(scenario);
      assertThat(ScenarioText.parse(text)).as("seed %d:%n%s", seed, text).isEqualTo(scenario);
    }
  }

  @Test
  void theTextIsFree() {
    Scenario tidy =
        ScenarioText.parse(
            """
            scenario "one" P02
            cluster n=4
            network latency=1..5ms
              at 1s : isolate primary for 2s
            traitor r0
              when sending COMMIT slot=7 to r1 r2 : drop
            expect safe
            expect refused BAD_AUTH >= 1
            run 5s
            """);
    Scenario free =
        ScenarioText.parse(
            """
            # a comment

            scenario   "one"  P02      # another
            network latency=1..5ms
            cluster n=4
            run 5s
            expect safe, refused BAD_AUTH>=1
            traitor r0
            \talways sending COMMIT to r1 r2 slot = 7:drop
            network
              at 1s : isolate primary for 2s
            """);
    assertThat(free).isEqualTo(tidy);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "clutser n=4 | line 2, column 1: found 'clutser', expected cluster, network, client",
        "cluster n=four | line 2, column 11: found 'four', expected a whole number from 3 to 31",
        "cluster n=4 n=7 | line 2, column 13: found 'n', expected f=, checkpoint=",
        "cluster latency=1..5ms | line 2, column 9: found 'latency', expected n=",
        "network latency=5..1ms | line 2, column 17: found '5..1ms', expected a range of times",
        "client x kv | line 2, column 8: found 'x', expected a client: c0, c1 ...",
        "traitor r0 loudly | line 2, column 12: found 'loudly', expected colluding, plays",
        "traitor nobody | line 2, column 9: found 'nobody', expected replicas: r0, r1 ...",
        "expect refused NO_SUCH | line 2, column 16: found 'NO_SUCH', expected FRAME_TOO_LARGE",
        "expect safe live | line 2, column 13: found 'live', expected if, the end of 'safe'",
        "expect recovery < 5 | line 2, column 19: found '5', expected a time such as 1500ms",
        "expect | line 2, column 7: found the end of the line, expected one of safe, live",
        "run soon | line 2, column 5: found 'soon', expected a time such as 20ms",
      })
  void aMistakeIsNamedWithItsPlaceAndWhatWasExpected(String line, String message) {
    assertThatThrownBy(() -> ScenarioText.parse("scenario \"x\"\n" + line))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "when sending COMMIT drop | column 23: found 'drop', expected slot, view, nth",
        "when sending : drop | column 16: found ':', expected anything, REQUEST",
        "sending COMMIT : drop | column 3: found 'sending', expected when, always, once, at",
        "when sending COMMIT : dorp | column 25: found 'dorp', expected one of drop, delay",
        "when sending COMMIT : delay | column 30: found the end of the line, expected a time",
        "when sending COMMIT : delay 5 | column 31: found '5', expected a time such as 20ms",
        "when sending COMMIT : forge batch=[jump] | column 37: found [jump], expected [put KEY",
        "when sending COMMIT : forge batch=[put x | found the end of the line, expected a closing",
        "when sending COMMIT slot<>7 : drop | column 28: found '>', expected a number",
        "when sending COMMIT : redirect | column 33: found the end of the line, expected to",
        "every 5ms : crash now | column 21: found 'now', expected for, the end of 'crash'",
      })
  void soAreMistakesInRules(String rule, String message) {
    assertThatThrownBy(() -> ScenarioText.parse("scenario \"x\"\ntraitor r0\n  " + rule))
        .isInstanceOf(ScriptException.class)
        .hasMessageStartingWith("line 3, ")
        .hasMessageContaining(message);
  }

  @Test
  void aRuleNeedsSomebodyWhoseItIs() {
    assertThatThrownBy(() -> ScenarioText.parse("scenario \"x\"\nrun 5s\n  at 1s : heal"))
        .hasMessageContaining("line 3, column 3: found 'at', expected no space before the line");
    assertThatThrownBy(() -> ScenarioText.parse("")).hasMessageContaining("line 1, column 1");
    assertThatThrownBy(() -> ScenarioText.parse("cluster n=4"))
        .hasMessageContaining("line 1, column 1: found 'cluster', expected scenario \"a title\"");
  }
}
