package io.pbft.compare.generals.exhaustive;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.OralBattle;
import io.pbft.compare.generals.OralScripts;
import io.pbft.compare.generals.Order;
import io.pbft.compare.generals.Outcome;
import io.pbft.compare.generals.Seals;
import io.pbft.compare.generals.SignedBattle;
import io.pbft.compare.generals.SignedScripts;
import io.pbft.compare.generals.exhaustive.ResultTable.Row;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every behaviour there is. */
class ExhaustiveTest {
  private static final List<Row> ROWS = ResultTable.rows();

  /** A test for each row of the table of results. */
  @TestFactory
  Stream<DynamicTest> everyRowIsAsExpected() {
    return ROWS.stream()
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> assertThat(row.equal()).isTrue()));
  }

  @TestFactory
  Stream<DynamicTest> aWitnessViolatesWhatItSaysWhenItIsPlayedByRealGenerals() {
    return ROWS.stream()
        .filter(row -> row.result() != null && row.result().witness() != null)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name(),
                    () -> {
                      Outcome outcome = play(row.trial(), row.result().witness());
                      assertThat(outcome.ic1() && outcome.ic2()).isFalse();
                    }));
  }

  private static Outcome play(Trial trial, Trial.Witness witness) {
    Campaign campaign = witness.campaign();
    return trial.signed()
        ? SignedBattle.fight(
            campaign,
            trial.relayLimit(),
            Seals.ed25519(campaign.generals()),
            SignedScripts.table(witness.table()))
        : OralBattle.fight(campaign, OralScripts.table(witness.table()));
  }

  @Test
  void onlyOneRowCountsMessagesAmongTraitors() {
    assertThat(ROWS)
        .filteredOn(Row::countsTalk)
        .extracting(Row::name)
        .containsExactly("OM(1) n=5, t<=2");
    Row row = ROWS.stream().filter(Row::countsTalk).findFirst().orElseThrow();
    assertThat(row.result().tally()).isEqualTo(Tally.of(530, 108, 42));
  }

  @Test
  void threeGeneralsFailOnlyWithTheOrderToAttack() {
    OralSets sets = new OralSets();
    assertThat(sets.outcomes(1, Order.ATTACK, 1, 1).tally(1, Order.ATTACK))
        .isEqualTo(Tally.of(2, 0, 1));
    assertThat(sets.outcomes(1, Order.RETREAT, 1, 1).tally(1, Order.RETREAT).holds()).isTrue();
  }

  /** The set method counts as enumeration counts, to the last behaviour. */
  @Test
  void setsAndEnumerationCountTheSame() {
    for (int n = 3; n <= 7; n++) {
      for (int traitor = 0; traitor < 2; traitor++) {
        Campaign campaign = Campaign.of(n, 1, Order.ATTACK, traitor);
        Order order = traitor == 0 ? null : Order.ATTACK;
        int loyal = traitor == 0 ? n - 1 : n - 2;
        assertThat(new OralSets().outcomes(1, order, loyal, traitor))
            .isEqualTo(new OralBruteForce(campaign).outcomes());
      }
    }
  }

  /** The recursion of the enumeration and the generals that exchange messages decide alike. */
  @Test
  void everyBehaviourOfFourGeneralsEndsAsThePlayedOne() {
    Campaign campaign = Campaign.of(4, 1, Order.ATTACK, 0);
    Outcomes played = new Outcomes();
    for (int bits = 0; bits < 8; bits++) {
      int said = bits;
      Outcome outcome =
          OralBattle.fight(
              campaign, m -> (said >> (m.to() - 1) & 1) == 1 ? Order.ATTACK : Order.RETREAT);
      int decisions = 0;
      for (int i = 1; i <= 3; i++) {
        decisions |= outcome.decisions().get(i) == Order.ATTACK ? 1 << (i - 1) : 0;
      }
      played.add(decisions, BigInteger.ONE);
    }
    assertThat(played).isEqualTo(new OralBruteForce(campaign).outcomes());
  }

  /** What traitors can do with loyal signatures adds nothing to what they can do without. */
  @Test
  void chainsThroughLoyalGeneralsAddNoOutcome() {
    for (Integer[] traitors : new Integer[][] {{0}, {1}, {0, 1}, {1, 2}}) {
      Campaign campaign = Campaign.of(4, 2, Order.ATTACK, traitors);
      Outcomes with = new SignedBruteForce(campaign, 2, true).outcomes();
      Outcomes without = new SignedBruteForce(campaign, 2, false).outcomes();
      assertThat(with.byDecisions().keySet()).isEqualTo(without.byDecisions().keySet());
    }
  }

  /** Beyond the table: enough rounds for four traitors, and more than enough for three. */
  @Test
  void signedOrdersBearAnyNumberOfTraitorsWithRoundsEnough() {
    assertThat(Trial.signed(4, 7, 0, 4).run().tally().holds()).isTrue();
    assertThat(Trial.signed(5, 7, 0, 3).run().tally().holds()).isTrue();
    assertThat(Trial.signed(3, 7, 0, 4).run().tally().ic1().signum()).isPositive();
  }
}
