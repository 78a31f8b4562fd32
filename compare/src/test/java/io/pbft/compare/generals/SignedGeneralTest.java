package io.pbft.compare.generals;

import static io.pbft.compare.generals.Order.ATTACK;
import static io.pbft.compare.generals.Order.RETREAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.compare.generals.Outcome.Verdict;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SM(m), a test for each sentence of its definition; with real signatures. */
class SignedGeneralTest {
  private static final Seals SEALS = Seals.ed25519(5);
  private static final SignedScript LOYAL = SignedScript.Scene::honest;

  private final SignedGeneral one = new SignedGeneral(1, 5, 2, null, SEALS);

  private static SignedOrder signed(Order order, int... signers) {
    SignedOrder signed = SignedOrder.unsigned(order);
    for (int signer : signers) {
      signed = signed.signedBy(signer, SEALS);
    }
    return signed;
  }

  private Verdict hear(int round, int from, SignedOrder signed) {
    return one.receive(round, new SignedMessage(from, 1, signed));
  }

  @Test
  void theCommanderSignsAndSendsToAllOthersInRoundOne() {
    SignedGeneral commander = new SignedGeneral(0, 5, 2, ATTACK, SEALS);
    List<SignedMessage> sent = commander.send();
    assertThat(sent).extracting(SignedMessage::to).containsExactly(1, 2, 3, 4);
    assertThat(sent).allMatch(m -> m.signed().isGenuine(SEALS) && m.signed().order() == ATTACK);
    assertThat(commander.send()).isEmpty();
  }

  @Test
  void aNewOrderIsAddedSignedAndSentToAllWhoHaveNotSigned() {
    assertThat(hear(2, 3, signed(ATTACK, 0, 3))).isEqualTo(Verdict.TAKEN);
    List<SignedMessage> sent = one.send();
    assertThat(sent).extracting(SignedMessage::to).containsExactly(2, 4);
    assertThat(sent).allMatch(m -> m.signed().path().equals(Path.of(0, 3, 1)));
    assertThat(sent).allMatch(m -> m.signed().isGenuine(SEALS));
    assertThat(one.decide()).isEqualTo(ATTACK);
  }

  @Test
  void aKnownOrderIsNotSentAgain() {
    hear(1, 0, signed(ATTACK, 0));
    one.send();
    assertThat(hear(2, 2, signed(ATTACK, 0, 2))).isEqualTo(Verdict.KNOWN);
    assertThat(one.send()).isEmpty();
  }

  @Test
  void afterMRelaysAnOrderIsAcceptedButNotSentOn() {
    assertThat(hear(3, 2, signed(ATTACK, 0, 3, 2))).isEqualTo(Verdict.TAKEN);
    assertThat(one.send()).isEmpty();
  }

  @Test
  void theFirstSignatureMustBeTheCommanders() {
    assertThat(hear(1, 2, signed(ATTACK, 2))).isEqualTo(Verdict.NOT_FROM_COMMANDER);
    assertThat(hear(1, 0, signed(ATTACK))).isEqualTo(Verdict.NOT_FROM_COMMANDER);
  }

  @Test
  void signersMustBeDistinct() {
    assertThat(hear(3, 2, signed(ATTACK, 0, 2, 2))).isEqualTo(Verdict.SIGNED_TWICE);
  }

  @Test
  void theReceiverMustNotBeAmongThem() {
    assertThat(hear(3, 2, signed(ATTACK, 0, 1, 2))).isEqualTo(Verdict.OWN_SIGNATURE);
  }

  @Test
  void theLastSignerMustBeTheSender() {
    assertThat(hear(2, 3, signed(ATTACK, 0, 2))).isEqualTo(Verdict.WRONG_SENDER);
  }

  @Test
  void thereMustBeExactlyAsManySignaturesAsRounds() {
    assertThat(hear(2, 0, signed(ATTACK, 0))).as("too few").isEqualTo(Verdict.WRONG_ROUND);
    assertThat(hear(1, 2, signed(ATTACK, 0, 2))).as("too many").isEqualTo(Verdict.WRONG_ROUND);
  }

  @Test
  void allSignaturesMustBeValid() {
    assertThat(hear(1, 0, signed(ATTACK, 0).altered())).isEqualTo(Verdict.BAD_SIGNATURE);
    SignedOrder forged =
        SignedOrder.unsigned(ATTACK).with(new SignedOrder.Signature(0, new byte[64]));
    assertThat(hear(2, 2, forged.signedBy(2, SEALS))).isEqualTo(Verdict.BAD_SIGNATURE);
  }

  @Test
  void aSignatureIsOverAllBeforeIt() {
    SignedOrder throughTwo = signed(ATTACK, 0, 2, 3);
    SignedOrder grafted = signed(ATTACK, 0, 4).with(throughTwo.chain().get(2));
    assertThat(grafted.isGenuine(SEALS)).isFalse();
  }

  @Test
  void theChoiceIsTheOneOrderKnownElseRetreat() {
    assertThat(SignedGeneral.choice(EnumSet.of(ATTACK))).isEqualTo(ATTACK);
    assertThat(SignedGeneral.choice(EnumSet.of(RETREAT))).isEqualTo(RETREAT);
    assertThat(SignedGeneral.choice(EnumSet.noneOf(Order.class))).isEqualTo(RETREAT);
    assertThat(SignedGeneral.choice(EnumSet.allOf(Order.class))).isEqualTo(RETREAT);
  }

  /** Section 2.2 of the design: (n-1)^2, and n-1 without a round of relaying. */
  @ParameterizedTest
  @CsvSource({"4,1,9", "7,2,36", "10,3,81", "3,1,4", "4,2,9", "5,3,16", "4,0,3"})
  void messagesUnderALoyalCommanderAreThoseOfTheFormula(int n, int m, long messages) {
    Outcome outcome = SignedBattle.fight(Campaign.of(n, m, ATTACK), Seals.symbolic(), LOYAL);
    assertThat(outcome.messages()).isEqualTo(messages);
    assertThat(Formulas.signedMessages(n, m)).isEqualTo(messages);
    assertThat(outcome.ic1() && outcome.ic2()).isTrue();
  }

  /** Both orders relayed once by each: 2(n-1-t)(n-2) from the loyal. */
  @ParameterizedTest
  @CsvSource({"4,12", "5,24", "6,40"})
  void underATraitorLoyalGeneralsRelayTwoOrdersAtMost(int n, long atMost) {
    Outcome outcome =
        SignedBattle.fight(
            Campaign.of(n, 2, ATTACK, 0), Seals.symbolic(), SignedScripts.doubleSign());
    long byLoyal = outcome.told().stream().filter(told -> told.from() != 0).count();
    assertThat(byLoyal).isEqualTo(atMost);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "silent",
        "flip",
        "split",
        "random:3",
        "withhold:1",
        "double",
        "late:2",
        "collude",
        "forge"
      })
  void fourGeneralsBearTwoTraitorsWhateverTheyPlay(String script) {
    for (int other = 0; other < 3; other++) {
      Campaign campaign = Campaign.of(4, 2, ATTACK, other, 3);
      Outcome outcome =
          SignedBattle.fight(campaign, Seals.ed25519(4), SignedScripts.parse(script, campaign));
      assertThat(outcome.ic1() && outcome.ic2()).as("%s", campaign).isTrue();
    }
  }

  @Test
  void aForgerIsRefusedByThreeGeneralsAndSucceedsWhereNobodyVerifies() {
    Campaign campaign = Campaign.of(3, 1, ATTACK, 2);
    Outcome refused = SignedBattle.fight(campaign, Seals.ed25519(3), SignedScripts.forge());
    assertThat(refused.told()).anyMatch(told -> told.verdict() == Verdict.BAD_SIGNATURE);
    assertThat(refused.ic2()).isTrue();

    Outcome believed =
        SignedBattle.fight(campaign, Seals.believingAnything(), SignedScripts.forge());
    assertThat(believed.ic2()).as("without A4 three generals fail as with oral orders").isFalse();
  }

  @Test
  void oneTraitorMoreThanMColludesSuccessfully() {
    Campaign tooMany = Campaign.of(4, 1, ATTACK, 0, 3);
    assertThat(SignedBattle.fight(tooMany, SEALS, SignedScripts.collude()).ic1()).isFalse();
    Campaign enoughRounds = Campaign.of(4, 2, ATTACK, 0, 3);
    assertThat(SignedBattle.fight(enoughRounds, SEALS, SignedScripts.collude()).ic1()).isTrue();
  }

  @Test
  void anOrderKeptBackIsRefusedForItsFewSignatures() {
    Outcome outcome =
        SignedBattle.fight(Campaign.of(4, 1, ATTACK, 0), SEALS, SignedScripts.late(2));
    assertThat(outcome.told())
        .allMatch(
            told -> told.verdict() == Verdict.WRONG_ROUND || told.verdict() == Verdict.MISSING);
    assertThat(outcome.decisions()).containsValue(RETREAT).doesNotContainValue(ATTACK);
  }

  @Test
  void loyalGeneralsKeepTheirKeys() {
    SignedScript.Pen pen = new SignedScript.Pen(Campaign.of(4, 1, ATTACK, 0, 2), SEALS);
    assertThat(pen.sign(SignedOrder.unsigned(ATTACK), 2).isGenuine(SEALS)).isTrue();
    assertThatThrownBy(() -> pen.sign(SignedOrder.unsigned(ATTACK), 1))
        .hasMessageContaining("general 1 is loyal");
  }
}
