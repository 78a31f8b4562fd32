package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GeneralsCommandTest {
  private static Captured generals(String line) {
    return Captured.run(("generals " + line).split(" "));
  }

  @Test
  void fourGeneralsSurviveATraitor() {
    Captured result = generals("--algorithm om --generals 4 --traitors 1");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines())
        .contains(
            "  general 3 (traitor) -> general 1: RETREAT, by way of 0   LIE, instead of ATTACK",
            "general 1 decides ATTACK",
            "general 2 decides ATTACK",
            "IC1 (all loyal lieutenants decide the same): holds",
            "IC2 (a loyal commander is obeyed): holds",
            "messages: 9 (formula, nobody withholding: 9); merged into one packet a pair and round:"
                + " 9 (formula 9)");
  }

  @Test
  void threeGeneralsDoNot() {
    Captured result = generals("--algorithm om --generals 3 --traitors 1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).contains("IC2 (a loyal commander is obeyed): VIOLATED");
  }

  @Test
  void aForgedSignatureIsRefused() {
    Captured result = generals("--algorithm sm --generals 3 --traitors 1 --script forge");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("RETREAT signed by 0.2   refused: a signature is not its signer's")
        .contains("refused: 1 x bad_signature");
  }

  @Test
  void silenceIsARetreat() {
    Captured result =
        generals("--algorithm om --generals 4 --traitors 1 --who 0 --script withhold:1 --json");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines()).hasSize(1);
    assertThat(result.out())
        .contains("\"decisions\":{\"1\":\"ATTACK\",\"2\":\"ATTACK\",\"3\":\"ATTACK\"}")
        .contains("\"ic1\":true,\"ic2\":null,\"messages\":8,\"messagesFormula\":9")
        .contains("\"to\":1,\"path\":\"0\",\"order\":null,\"verdict\":\"MISSING\"");
  }

  @Test
  void theWitnessOfAnExhaustiveSearchCanBePlayed() {
    Captured search = generals("--algorithm om --generals 3 --traitors 1 --exhaustive");
    assertThat(search.exitCode()).isEqualTo(1);
    assertThat(search.out()).contains("behaviours 14, IC1 violated 0 times, IC2 2 times");
    String replay =
        search.outLines().stream().filter(line -> line.contains("play it")).findFirst().get();
    String line = replay.substring(replay.indexOf("generals ") + 9).replace("'", "");
    assertThat(generals(line).out()).contains("IC2 (a loyal commander is obeyed): VIOLATED");
  }

  @Test
  void theTableOfKnownCasesIsReproduced() {
    Captured result = generals("--exhaustive");
    assertThat(result.exitCode()).as(result.out()).isZero();
    assertThat(result.out()).contains("OM(2) n=4, t<=1").doesNotContain(" NO");
  }
}
