package io.pbft.lab.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.report.ScriptShrinker.Shrunk;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import org.junit.jupiter.api.Test;

/** What is left of a script when everything is taken out that it does not need. */
class ScriptShrinkerTest {
  private static final String LIE =
      "traitor r0\n  when sending PRE-PREPARE slot=3 to r3 : forge batch=[put x 666]\n";

  private static Scenario scenario(String expected) {
    return ScenarioText.parse(
        "scenario \"much around a lie\"\ncluster n=4\n"
            + "client c1 kv puts=12\nclient c2 kv puts=20\n"
            + LIE
            + "  when sending COMMIT slot=9 to r1 : drop\n"
            + "network\n  at 1ms : isolate r2 for 2ms\n"
            + expected);
  }

  private static Shrunk shrink(Scenario scenario, long messages) {
    Played played = Player.play(scenario, 1);
    return new ScriptShrinker(played, messages, Service.registers(), Defences.ALL).shrink();
  }

  @Test
  void onlyTheLieAndWhatItNeedsIsLeft() {
    Scenario original = scenario("expect refused BAD_CLIENT_AUTH >= 1\nrun 5s\n");
    Shrunk shrunk = shrink(original, 5_000);
    Scenario left = shrunk.scenario();
    assertAll(
        () -> assertEquals(0, left.timeline().size(), "the partition was not needed"),
        () -> assertEquals(1, left.traitors().get(0).rules().size(), "nor was the dropped commit"),
        () -> assertEquals(1, left.clients().size(), "nor the second client"),
        () -> assertTrue(left.clients().get(0).number("puts", 0) < 12),
        () -> assertTrue(shrunk.isWhole()));
    Played again = Player.play(left, 1);
    assertEquals(Played.Verdict.AS_EXPECTED, again.verdict());
    assertEquals(again.completed(), shrunk.operations());
  }

  @Test
  void whatFailedStillFails() {
    Shrunk shrunk = shrink(scenario("expect view >= 7\nrun 5s\n"), 5_000);
    assertEquals(0, shrunk.scenario().traitors().size(), "it fails without them, too");
    assertEquals(Played.Verdict.VIOLATED, Player.play(shrunk.scenario(), 1).verdict());
  }

  @Test
  void aRunThatIsTooLargeIsLeftAlone() {
    Scenario original = scenario("expect safe\nrun 5s\n");
    Shrunk shrunk = shrink(original, 1_000_000);
    assertEquals(original, shrunk.scenario());
    assertEquals(0, shrunk.plays());
  }
}
