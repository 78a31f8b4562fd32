package io.pbft.client.core;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.core.Script.SESSION;
import static io.pbft.client.core.Script.broadcasts;
import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.ok;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.refused;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.client.TestCluster;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.AuthenticationMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which result a client believes (PROTOCOL.md, normal case, 6). */
final class RepliesTest {

  @Test
  void aRequestGoesToThePrimaryAloneAndIsAnsweredByTwoOfFour() {
    Script client = Script.connected(4);

    List<ClientEffect> effects = client.invoke(1);
    assertThat(sends(effects)).hasSize(1);
    assertThat(sends(effects).get(0).to()).isZero();
    assertThat(sends(effects).get(0).signed()).as("a first transmission has MACs").isFalse();
    assertThat(sends(effects).get(0).request().timestamp()).isEqualTo(1);

    assertThat(outcomes(client.digestReply(2, 1, "yes"))).isEmpty();
    assertThat(outcomes(client.reply(1, 1, "yes"))).containsExactly(completed(1, "yes"));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10})
  void itTakesOneMoreReplicaThanTraitorsWhateverN(int n) {
    Script client = Script.connected(n);
    client.invoke(1);
    int f = (n - 1) / 3;
    for (int replica = 0; replica < f; replica++) {
      assertThat(outcomes(client.reply(replica, 1, "lie"))).isEmpty();
    }
    for (int replica = f; replica < 2 * f; replica++) {
      assertThat(outcomes(client.reply(replica, 1, "true"))).isEmpty();
    }
    assertThat(outcomes(client.reply(2 * f, 1, "true"))).containsExactly(completed(1, "true"));
  }

  @Test
  void aReplicaThatRepeatsItselfCountsOnce() {
    Script client = Script.connected(4);
    client.invoke(1);
    for (int i = 0; i < 10; i++) {
      assertThat(outcomes(client.reply(3, 1, "lie"))).isEmpty();
    }
    client.reply(1, 1, "true");
    assertThat(outcomes(client.reply(2, 1, "true"))).containsExactly(completed(1, "true"));
  }

  @Test
  void aLaterReplyReplacesAnEarlierOne() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.reply(3, 1, "lie");
    client.reply(3, 1, "true");
    assertThat(outcomes(client.reply(2, 1, "lie"))).as("3 has taken its word back").isEmpty();
    assertThat(outcomes(client.reply(1, 1, "true"))).containsExactly(completed(1, "true"));
  }

  @ParameterizedTest
  @EnumSource(AuthenticationMode.class)
  void oneReplicaCannotAnswerUnderTwoIds(AuthenticationMode mode) {
    TestCluster cluster = new TestCluster(ProtocolConfig.of(4), mode);
    Reply forged = new Reply(0, CLIENT, SESSION, 1, ok("lie").digest(), ok("lie"), 2);
    assertThat(cluster.admit(3, forged))
        .isEqualTo(new Admission.Refused(Reason.WRONG_SENDER, MessageType.REPLY));
  }

  @Test
  void aReplySignedByAnotherIsRefusedAtTheDoor() {
    TestCluster cluster = new TestCluster(ProtocolConfig.of(4), AuthenticationMode.SIGNATURE);
    Reply forged = new Reply(0, CLIENT, SESSION, 1, ok("lie").digest(), ok("lie"), 2);
    Admission admission =
        cluster.clientDoor.admit(io.pbft.crypto.Principal.replica(2), cluster.payload(3, forged));
    assertThat(admission).isEqualTo(new Admission.Refused(Reason.BAD_AUTH, MessageType.REPLY));
  }

  @Test
  void signedRepliesAreAcceptedLikeOthers() {
    TestCluster cluster = new TestCluster(ProtocolConfig.of(4), AuthenticationMode.SIGNATURE);
    Script client = Script.connected(cluster, Script.config(cluster));
    client.invoke(1);
    client.reply(1, 1, "yes");
    assertThat(outcomes(client.reply(2, 1, "yes"))).containsExactly(completed(1, "yes"));
  }

  @Test
  void whoeverSaidSomethingElseIsNamedBeforeAndAfter() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.reply(3, 1, "lie");
    client.reply(1, 1, "true");
    assertThat(client.reply(2, 1, "true"))
        .contains(refused(Reason.WRONG_REPLY, MessageType.REPLY, 3));
    assertThat(client.reply(0, 1, "lie"))
        .containsExactly(refused(Reason.WRONG_REPLY, MessageType.REPLY, 0));
    assertThat(client.reply(2, 1, "true")).as("late and right").isEmpty();
    assertThat(client.reply(2, 1, Script.outcome(Result.Outcome.FORGOTTEN)))
        .as("a correct replica may have dropped an acknowledged answer")
        .isEmpty();
  }

  @Test
  void aDesignatedReplierThatLiesOrIsSilentDelaysButDoesNotStop() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.reply(0, 1, "lie");
    client.digestReply(1, 1, "true");
    assertThat(outcomes(client.digestReply(2, 1, "true"))).as("nobody gave the bytes").isEmpty();

    assertThat(client.pass(74)).isEmpty();
    List<ClientEffect> asked = client.pass(1);
    assertThat(broadcasts(asked)).hasSize(1);
    assertThat(broadcasts(asked).get(0).fullReplies()).isTrue();
    assertThat(broadcasts(asked).get(0).signed()).isTrue();

    assertThat(outcomes(client.reply(2, 1, "true"))).containsExactly(completed(1, "true"));
  }

  @Test
  void aFullReplyRightBehindTheDigestsCostsNoExtraRound() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.digestReply(1, 1, "true");
    client.digestReply(2, 1, "true");
    client.pass(10);
    assertThat(outcomes(client.reply(0, 1, "true"))).containsExactly(completed(1, "true"));
    assertThat(broadcasts(client.pass(10_000))).isEmpty();
  }

  @Test
  void aResultThatIsNotItsDigestsIsRefused() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.digestReply(1, 1, "true");
    Reply mixed = new Reply(0, CLIENT, SESSION, 1, ok("true").digest(), ok("lie"), 3);
    assertThat(client.deliver(3, mixed))
        .containsExactly(refused(Reason.BAD_DIGEST, MessageType.REPLY, 3));
    assertThat(outcomes(client.reply(2, 1, "true"))).containsExactly(completed(1, "true"));
  }

  @Test
  void aLieUnderTheDigestOfAGoodResultIsRefusedThoughThatIsKnown() {
    Script client = Script.connected(4);
    client.invoke(1);
    Reply first = new Reply(0, CLIENT, SESSION, 1, ok("true").digest(), ok("lie"), 3);
    client.reply(1, 1, "true");
    assertThat(client.deliver(3, first))
        .containsExactly(refused(Reason.BAD_DIGEST, MessageType.REPLY, 3));
    assertThat(outcomes(client.reply(2, 1, "true"))).containsExactly(completed(1, "true"));
    client.invoke(2);
    Reply second = new Reply(0, CLIENT, SESSION, 2, ok("true").digest(), ok("lie"), 3);
    assertThat(client.deliver(3, second))
        .containsExactly(refused(Reason.BAD_DIGEST, MessageType.REPLY, 3));
  }

  @Test
  void answersToQuestionsNeverAskedAreRefused() {
    Script client = Script.connected(4);
    client.invoke(1);
    Result lie = ok("lie");
    for (Reply unasked :
        List.of(
            new Reply(0, CLIENT, SESSION, 2, lie.digest(), lie, 3),
            new Reply(0, CLIENT, SESSION, 1L << 40, lie.digest(), lie, 3),
            new Reply(0, CLIENT, SESSION, 0, lie.digest(), lie, 3),
            new Reply(0, CLIENT, SESSION - 1, 1, lie.digest(), lie, 3),
            new Reply(0, CLIENT + 1, SESSION, 1, lie.digest(), lie, 3))) {
      assertThat(client.deliver(3, unasked))
          .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.REPLY, 3));
    }
  }

  @Test
  void whatTheServiceThrewIsAResultLikeAnother() {
    Script client = Script.connected(4);
    client.invoke(1);
    Result failed = new Result(Result.Outcome.FAILED, TestCluster.bytes("java.lang.Error"));
    client.reply(1, 1, failed);
    assertThat(outcomes(client.reply(2, 1, failed)))
        .containsExactly(new ClientEffect.Completed(1, failed));
  }

  @Test
  void anAnswerThatReplicasHaveDroppedIsAnUnknownOutcome() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.reply(1, 1, Script.outcome(Result.Outcome.FORGOTTEN));
    assertThat(outcomes(client.reply(2, 1, Script.outcome(Result.Outcome.FORGOTTEN))))
        .containsExactly(new ClientEffect.Failed(1, ClientFailure.OUTCOME_UNKNOWN));
  }

  // Which primary the client believes in.

  @Test
  void traitorsDoNotMoveTheBeliefInAPrimary() {
    Script client = Script.connected(7);
    client.invoke(1);
    client.inView(5).reply(5, 1, "lie");
    client.inView(1L << 40).reply(6, 1, "lie");
    assertThat(sends(client.invoke(2)).get(0).to()).as("f = 2 liars").isZero();
  }

  @Test
  void theHighestViewThatTheWeakCertificateReachedNamesThePrimary() {
    Script client = Script.connected(7);
    client.invoke(1);
    client.inView(9).reply(1, 1, "true");
    client.inView(4).reply(2, 1, "true");
    assertThat(client.inView(3).reply(3, 1, "true"))
        .contains(new ClientEffect.Observe(new ClientObservation.ViewBelieved(3, 3)));
    assertThat(sends(client.invoke(2)).get(0).to()).isEqualTo(3);
    client.inView(4).reply(3, 1, "true");
    assertThat(sends(client.invoke(3)).get(0).to()).as("late replies tell, too").isEqualTo(4);
  }
}
