package io.pbft.lab.play;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.scenario.ScenarioText;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traitors and requests that share a signature with others: the lab's scenarios, as text. */
@DisplayName("A signature over many requests helps no traitor")
class SharedSignaturesTest {
  private static final String HEAD =
      """
      scenario "shared signatures"
      cluster n=4 requests=%s
      client c0 kv puts=60 outstanding=8
      """;

  private static final String GOOD = "expect safe, live, valid, agreed\nrun 20s\n";

  private static void play(String requests, String lines) {
    String text = HEAD.formatted(requests) + lines + GOOD;
    Played played = Player.play(ScenarioText.parse(text), 3);
    assertThat(played.violations()).isEmpty();
    assertThat(played.idle()).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rewritten", "mixed-signatures"})
  @DisplayName("A primary that gives a request the place of another is refused and replaced")
  void thePrimaryMixesThemUp(String how) {
    play(
        "signature",
        "traitor r0\n  when sending PRE-PREPARE slot=5 : forge batch="
            + how
            + "\nexpect refused BAD_CLIENT_AUTH >= 1 from r0, view >= 1\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mac", "signature"})
  @DisplayName("A client that mixes them up is refused each, and delays nobody")
  void aClientMixesThemUp(String requests) {
    play(
        requests,
        "traitor c1\n  every 20ms : request [put x 1] times=5 auth=bad-tree to everyone\n"
            + "expect refused BAD_CLIENT_AUTH >= 50, view <= 0\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mac", "signature"})
  @DisplayName("A client that shows each replica another part of a tree gets what it asks for")
  void aClientSpreadsATree(String requests) {
    play(
        requests,
        "traitor c1\n  every 20ms : request [put x 1] times=5 auth=tree to everyone\n"
            + "  every 30ms : request [put x 1] times=3 auth=tree to primary\n"
            + "expect completed >= 60, refused BAD_CLIENT_AUTH <= 0\n");
  }
}
