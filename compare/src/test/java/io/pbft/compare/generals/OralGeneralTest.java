package io.pbft.compare.generals;

import static io.pbft.compare.generals.Order.ATTACK;
import static io.pbft.compare.generals.Order.RETREAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OM(m), a test for each sentence of its definition. */
class OralGeneralTest {
  private static final OralScript LOYAL = OralMessage::order;

  private static OralGeneral lieutenant(int self, int generals, int m) {
    return new OralGeneral(self, generals, m, null);
  }

  private static OralMessage says(Order order, int to, Integer... path) {
    return new OralMessage(Path.of(path), to, order);
  }

  @Test
  void inRoundOneTheCommanderSendsHisOrderToAllOthers() {
    OralGeneral commander = new OralGeneral(0, 4, 1, ATTACK);
    assertThat(commander.send(1))
        .containsExactly(says(ATTACK, 1, 0), says(ATTACK, 2, 0), says(ATTACK, 3, 0));
    assertThat(commander.send(2)).isEmpty();
  }

  @Test
  void inLaterRoundsALieutenantSendsWhatItHeardToAllWhoAreNotOnThePath() {
    OralGeneral one = lieutenant(1, 4, 2);
    one.receive(1, 0, says(ATTACK, 1, 0));
    assertThat(one.send(2)).containsExactly(says(ATTACK, 2, 0, 1), says(ATTACK, 3, 0, 1));
    one.receive(2, 2, says(RETREAT, 1, 0, 2));
    one.receive(2, 3, says(ATTACK, 1, 0, 3));
    assertThat(one.send(3)).containsExactly(says(RETREAT, 3, 0, 2, 1), says(ATTACK, 2, 0, 3, 1));
  }

  @Test
  void whatIsMissingIsARetreat() {
    OralGeneral one = lieutenant(1, 4, 1);
    assertThat(one.send(2)).containsExactly(says(RETREAT, 2, 0, 1), says(RETREAT, 3, 0, 1));
    assertThat(one.decide()).isEqualTo(RETREAT);
  }

  @Test
  void onlyTheLastOnAPathMaySendIt() {
    OralGeneral one = lieutenant(1, 4, 1);
    assertThat(one.receive(1, 2, says(ATTACK, 1, 0))).isFalse();
    assertThat(one.receive(2, 3, says(ATTACK, 1, 0, 2))).isFalse();
    assertThat(one.receive(2, 2, says(ATTACK, 1, 0, 2))).isTrue();
  }

  @Test
  void aPathBeginsWithTheCommanderHasNobodyTwiceNorTheReceiverAndTheLengthOfTheRound() {
    OralGeneral one = lieutenant(1, 4, 2);
    assertThat(one.receive(1, 2, says(ATTACK, 1, 2))).as("not the commander's").isFalse();
    assertThat(one.receive(3, 2, says(ATTACK, 1, 0, 2, 2))).as("twice").isFalse();
    assertThat(one.receive(3, 2, says(ATTACK, 1, 0, 1, 2))).as("the receiver's own").isFalse();
    assertThat(one.receive(3, 2, says(ATTACK, 1, 0, 2))).as("late").isFalse();
    assertThat(one.receive(2, 2, says(null, 1, 0, 2))).as("no order").isFalse();
  }

  @Test
  void whatWasSaidFirstCounts() {
    OralGeneral one = lieutenant(1, 3, 0);
    assertThat(one.receive(1, 0, says(ATTACK, 1, 0))).isTrue();
    assertThat(one.receive(1, 0, says(RETREAT, 1, 0))).isFalse();
    assertThat(one.decide()).isEqualTo(ATTACK);
  }

  @Test
  void om0ObeysTheCommander() {
    OralGeneral one = lieutenant(1, 4, 0);
    one.receive(1, 0, says(ATTACK, 1, 0));
    assertThat(one.decide()).isEqualTo(ATTACK);
  }

  @Test
  void omDecidesByTheMajorityOfWhatItHeardAndWhatTheOthersRelayed() {
    OralGeneral one = lieutenant(1, 4, 1);
    one.receive(1, 0, says(RETREAT, 1, 0));
    one.receive(2, 2, says(ATTACK, 1, 0, 2));
    one.receive(2, 3, says(ATTACK, 1, 0, 3));
    assertThat(one.decide()).isEqualTo(ATTACK);
  }

  @Test
  void moreThanHalfMustAttackAndATieIsARetreat() {
    assertThat(Order.majority(2, 3)).isEqualTo(ATTACK);
    assertThat(Order.majority(2, 4)).isEqualTo(RETREAT);
    assertThat(Order.majority(0, 0)).isEqualTo(RETREAT);
  }

  @Test
  void loyalGeneralsAgreeAndObey() {
    for (Order order : Order.values()) {
      Outcome outcome = OralBattle.fight(Campaign.of(7, 2, order), LOYAL);
      assertThat(outcome.decisions()).hasSize(6).containsValue(order);
      assertThat(outcome.ic1() && outcome.ic2()).isTrue();
    }
  }

  /** Section 2.2 of the design: the sum of (n-1)(n-2)...(n-k), and one packet a pair and round. */
  @ParameterizedTest
  @CsvSource({"4,1,9,9", "7,2,156,66", "10,3,3609,225", "5,2,40,28", "3,0,2,2", "6,4,325,85"})
  void messagesAndPacketsAreThoseOfTheFormula(int n, int m, long messages, long packets) {
    Outcome outcome = OralBattle.fight(Campaign.of(n, m, ATTACK), LOYAL);
    assertThat(outcome.messages()).isEqualTo(messages);
    assertThat(outcome.packets()).isEqualTo(packets);
    assertThat(Formulas.oralMessages(n, m)).isEqualTo(BigInteger.valueOf(messages));
    assertThat(Formulas.oralPackets(n, m)).isEqualTo(packets);
  }

  @Test
  void theFormulaOfLargerCases() {
    assertThat(Formulas.oralMessages(13, 4)).isEqualTo(BigInteger.valueOf(108_384));
    assertThat(Formulas.oralMessages(16, 5)).isEqualTo(BigInteger.valueOf(3_999_675));
  }

  @Test
  void threeGeneralsCannotBearOneTraitor() {
    Outcome outcome = OralBattle.fight(Campaign.of(3, 1, ATTACK, 2), OralScripts.flip());
    assertThat(outcome.decisions()).containsExactly(java.util.Map.entry(1, RETREAT));
    assertThat(outcome.ic2()).isFalse();
  }

  @Test
  void withTheOrderToRetreatThreeGeneralsNeverFail() {
    for (int seed = 0; seed < 200; seed++) {
      for (int traitor = 1; traitor <= 2; traitor++) {
        Campaign campaign = Campaign.of(3, 1, RETREAT, traitor);
        assertThat(OralBattle.fight(campaign, OralScripts.random(seed)).ic2()).isTrue();
      }
    }
  }

  @Test
  void sevenGeneralsBearTwoTraitorsWhateverTheyPlay() {
    String[] scripts = {"silent", "flip", "always:attack", "split", "random:5", "withhold:3,4"};
    for (String script : scripts) {
      for (int other = 0; other < 6; other++) {
        Campaign campaign = Campaign.of(7, 2, ATTACK, other, 6);
        Outcome outcome = OralBattle.fight(campaign, OralScripts.parse(script, campaign));
        assertThat(outcome.ic1() && outcome.ic2()).as("%s %s", script, campaign).isTrue();
      }
    }
  }

  @Test
  void splitTellsEvenAndOddGeneralsDifferentThings() {
    Outcome outcome = OralBattle.fight(Campaign.of(4, 0, ATTACK, 0), OralScripts.split());
    assertThat(outcome.decisions())
        .containsEntry(1, RETREAT)
        .containsEntry(2, ATTACK)
        .containsEntry(3, RETREAT);
    assertThat(outcome.ic1()).isFalse();
    assertThat(outcome.ic2()).as("not owed under a traitor").isTrue();
  }

  @Test
  void silenceAndWithholdingSendFewerMessages() {
    Campaign campaign = Campaign.of(4, 1, ATTACK, 3);
    assertThat(OralBattle.fight(campaign, OralScripts.silent()).messages()).isEqualTo(7);
    TreeSet<Integer> two = new TreeSet<>();
    two.add(2);
    assertThat(OralBattle.fight(campaign, OralScripts.withhold(two)).messages()).isEqualTo(8);
  }

  @Test
  void aTableSaysWhatItSaysAndIsLoyalElsewhere() {
    Table table = Table.parse("0>1=R,0>2=-");
    Outcome outcome = OralBattle.fight(Campaign.of(4, 0, ATTACK, 0), OralScripts.table(table));
    assertThat(outcome.decisions())
        .containsEntry(1, RETREAT)
        .containsEntry(2, RETREAT)
        .containsEntry(3, ATTACK);
    assertThat(outcome.messages()).isEqualTo(2);
    assertThat(table).hasToString("0>1=R,0>2=-");
  }

  @Test
  void aCampaignHasBounds() {
    assertThatThrownBy(() -> Campaign.of(1, 0, ATTACK)).hasMessageContaining("from 2 to 16");
    assertThatThrownBy(() -> Campaign.of(4, 3, ATTACK)).hasMessageContaining("from 0 to 2");
    assertThatThrownBy(() -> Campaign.of(4, 1, ATTACK, 4)).hasMessageContaining("general 4");
  }
}
