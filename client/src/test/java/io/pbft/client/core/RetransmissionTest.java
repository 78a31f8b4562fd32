package io.pbft.client.core;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.core.Script.SESSION;
import static io.pbft.client.core.Script.broadcasts;
import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.only;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.refused;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.client.TestCluster;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.validation.AuthenticationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When and how a client sends again (PROTOCOL.md, normal case, 7). */
final class RetransmissionTest {

  @Test
  void afterTheTimeoutTheSameRequestGoesToAllSigned() {
    Script client = Script.connected(4);
    Request first = sends(client.invoke(1)).get(0).request();

    assertThat(client.pass(149)).isEmpty();
    List<ClientEffect> effects = client.pass(1);
    assertThat(broadcasts(effects)).hasSize(1);
    assertThat(broadcasts(effects).get(0).request().digest()).isEqualTo(first.digest());
    assertThat(broadcasts(effects).get(0).signed())
        .as("each replica can check it and pass it on: the big MAC defence")
        .isTrue();
    assertThat(effects)
        .contains(new ClientEffect.Observe(new ClientObservation.Retransmitted(1, 2, false)));
  }

  /** To sign all of them would cost busy replicas a hundred times what the requests do. */
  @Test
  void ofManyOnlyTheOldestIsSignedUntilThatHasNotHelped() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 3; i++) {
      client.invoke(i);
    }
    assertThat(broadcasts(client.pass(150)))
        .extracting(b -> b.request().timestamp() + (b.signed() ? " signed" : ""))
        .containsExactly("1 signed", "2", "3");
    assertThat(broadcasts(client.pass(300)))
        .extracting(ClientEffect.BroadcastRequest::signed)
        .containsExactly(true, true, true);
  }

  /** Else where answers take longer than the timeout each request would be sent to all, signed. */
  @Test
  void theOldestAreSentAgainInRoundsWhateverTheirTimes() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.pass(20);
    client.invoke(2);
    assertThat(timestamps(client.pass(130))).containsExactly(1L);
    assertThat(timestamps(client.pass(149))).isEmpty();
    assertThat(timestamps(client.pass(1))).containsExactly(2L);
    assertThat(timestamps(client.pass(150))).containsExactly(1L);
  }

  /** To repeat them as often as small ones would be most of what replicas have to do. */
  @Test
  void ofLargeOnesARoundHasOneAndTheNextComesLater() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 3; i++) {
      client.invoke(i, new byte[128 * 1024]);
    }
    assertThat(timestamps(client.pass(150))).containsExactly(1L);
    assertThat(timestamps(client.pass(299))).isEmpty();
    assertThat(timestamps(client.pass(1))).containsExactly(1L);
  }

  @Test
  void theTimeoutDoublesUpToItsCap() {
    Script client = Script.connected(4);
    client.invoke(1);
    List<Integer> at = new ArrayList<>();
    for (int millis = 1; millis <= 8_000; millis++) {
      if (!broadcasts(client.pass(1)).isEmpty()) {
        at.add(millis);
      }
    }
    assertThat(at).containsExactly(150, 450, 1050, 2250, 4250, 6250);
  }

  @Test
  void whatIsAnsweredIsNotSentAgain() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.reply(1, 1, "yes");
    client.reply(2, 1, "yes");
    assertThat(client.pass(10_000)).isEmpty();
  }

  @Test
  void losingThePrimaryTellsAllAtOnceAndOnlyOnce() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.invoke(2);
    assertThat(client.disconnect(3)).as("a backup").isEmpty();
    assertThat(broadcasts(client.disconnect(0)))
        .extracting(b -> b.request().timestamp())
        .containsExactly(1L, 2L);
    client.connect(0);
    assertThat(broadcasts(client.disconnect(0))).as("a link that flaps").isEmpty();
  }

  @Test
  void withoutItsPrimaryARequestGoesToAllFromTheStart() {
    Script client = Script.connected(4);
    client.disconnect(0);
    assertThat(broadcasts(client.invoke(1))).hasSize(1);
    client.inView(1).reply(1, 1, "yes");
    client.reply(2, 1, "yes");
    assertThat(sends(client.invoke(2)))
        .as("the next view's primary is known by now")
        .extracting(ClientEffect.SendRequest::to)
        .containsExactly(1);
  }

  @Test
  @DisplayName("A new session waits for its links, so that its first requests need no signature")
  void aRequestBeforeTheFirstLinkWaitsForAll() {
    TestCluster cluster = new TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster));
    assertThat(sends(client.invoke(1))).isEmpty();
    assertThat(sends(client.connect(1))).isEmpty();
    assertThat(sends(client.connect(0))).isEmpty();
    assertThat(sends(client.connect(3))).isEmpty();
    assertThat(sends(client.invoke(2))).isEmpty();
    assertThat(sends(client.connect(2))).hasSize(2).noneMatch(ClientEffect.SendRequest::signed);
  }

  @Test
  void linksThatDoNotComeAreWaitedForOnce() {
    TestCluster cluster = new TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster));
    client.connect(0);
    client.connect(1);
    assertThat(sends(client.invoke(1))).isEmpty();
    List<ClientEffect> effects = client.pass(150);
    assertThat(broadcasts(effects)).isEmpty();
    assertThat(sends(effects)).hasSize(1).allMatch(ClientEffect.SendRequest::signed);
    assertThat(sends(client.invoke(2)))
        .as("MACs would convince no quorum: only two replicas share a key with the client")
        .hasSize(1)
        .allMatch(ClientEffect.SendRequest::signed);
  }

  /** One session lacks this key and another that one: nobody would vouch for a batch of both. */
  @Test
  @DisplayName("While a link is to come requests are signed; when it is overdue a quorum will do")
  void aMissingLinkIsNoLongerNewsAfterAWhile() {
    TestCluster cluster = new TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster));
    List.of(0, 1, 2).forEach(client::connect);
    client.invoke(1);
    assertThat(sends(client.pass(150))).hasSize(1).allMatch(ClientEffect.SendRequest::signed);
    client.reply(0, 1, "yes");
    client.reply(1, 1, "yes");
    client.pass(1_349);
    assertThat(sends(client.invoke(2))).hasSize(1).allMatch(ClientEffect.SendRequest::signed);
    client.pass(1);
    assertThat(sends(client.invoke(3))).hasSize(1).noneMatch(ClientEffect.SendRequest::signed);
  }

  /**
   * A session that begins in a later view sends to replica 0, which passes on what the primary
   * can't check as long as the session has not connected to it, too: it shares no key with it yet.
   */
  @Test
  void aPrimaryThatConnectsLateIsToldWhatOthersWereTold() {
    TestCluster cluster = new TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster)).inView(2);
    List.of(0, 1, 3).forEach(client::connect);
    for (int i = 1; i <= 100; i++) {
      client.invoke(i);
    }
    client.pass(150); // the oldest, signed, find their way
    client.reply(1, 1, "yes");
    client.reply(3, 1, "yes");
    assertThat(sends(client.connect(2)))
        .allMatch(send -> send.to() == 2)
        .extracting(send -> send.request().timestamp())
        .isEqualTo(LongStream.rangeClosed(2, 100).boxed().toList());
  }

  /** What was on its way to it when the link broke may be lost. */
  @Test
  void aPrimaryThatIsBackIsToldEverythingAgain() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 100; i++) {
      client.invoke(i);
    }
    client.disconnect(0);
    assertThat(sends(client.connect(0))).hasSize(100);
  }

  /** To sign them all would cost all replicas a check of each. */
  @Test
  void whatCouldOnlyBeSignedIsToldAgainOnceAQuorumIsConnected() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 100; i++) {
      client.invoke(i);
    }
    List.of(3, 2, 1, 0).forEach(client::disconnect);
    assertThat(sends(client.connect(0))).isEmpty();
    assertThat(sends(client.connect(1))).isEmpty();
    assertThat(sends(client.connect(2))).hasSize(100).noneMatch(ClientEffect.SendRequest::signed);
    assertThat(sends(client.connect(3))).as("it has been told").isEmpty();
  }

  @Test
  void aPrimaryThatIsBackIsNotToldWhatItTurnedAway() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 20; i++) {
      client.invoke(i);
    }
    for (int i = 11; i <= 20; i++) {
      client.busy(0, i);
    }
    client.disconnect(0);
    assertThat(sends(client.connect(0)))
        .extracting(send -> send.request().timestamp())
        .isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList());
  }

  @Test
  void aPrimaryThatNeverConnectsIsNotWaitedForLonger() {
    TestCluster cluster = new TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster));
    client.invoke(1);
    client.connect(1);
    client.connect(2);
    client.connect(3);
    assertThat(broadcasts(client.pass(150))).hasSize(1);
  }

  @Test
  void cutOffFromEverybodyItKeepsTryingWithoutBackingOff() {
    TestCluster cluster = new TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster));
    client.invoke(1);
    assertThat(broadcasts(client.pass(60_000))).isEmpty();
    client.connect(2);
    assertThat(broadcasts(client.pass(150))).hasSize(1);
  }

  @Test
  void withClientSignaturesEvenTheFirstTransmissionIsSigned() {
    ProtocolConfig signing = ProtocolConfig.of(4).toBuilder().clientSignatures(true).build();
    TestCluster cluster = new TestCluster(signing, AuthenticationMode.MAC);
    Script client = Script.connected(cluster, Script.config(cluster));
    assertThat(sends(client.invoke(1)).get(0).signed()).isTrue();
  }

  @Test
  void manyGoOutInOrderAndInBursts() {
    TestCluster cluster = new TestCluster(4);
    Script client = Script.connected(cluster, Script.config(cluster).withBounds(3, 1_000_000));
    for (int i = 1; i <= 8; i++) {
      client.invoke(i);
    }
    assertThat(timestamps(client.pass(150))).containsExactly(1L, 2L, 3L);
    assertThat(timestamps(client.pass(10))).containsExactly(4L, 5L, 6L);
    assertThat(timestamps(client.pass(10))).containsExactly(7L, 8L);
  }

  /** Requests of a session are executed in order: to repeat those behind helps nobody. */
  @Test
  void ofManyTheOldestAreRepeatedAndTheRestGoesToTheNextPrimary() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 20; i++) {
      client.invoke(i);
    }
    assertThat(timestamps(client.pass(150))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    assertThat(timestamps(client.pass(149))).isEmpty();
    Result done = new Result(Result.Outcome.OK, new byte[] {1});
    client.deliver(1, new Reply(1, CLIENT, SESSION, 1, done.digest(), done, 1));
    List<ClientEffect> effects =
        client.deliver(2, new Reply(1, CLIENT, SESSION, 1, done.digest(), done, 2));
    assertThat(sends(effects)).hasSize(12).allMatch(send -> send.to() == 1);
    assertThat(sends(effects).get(0).request().timestamp()).isEqualTo(9);
  }

  @Test
  void aStaleTimerIsIgnored() {
    Script client = Script.connected(4);
    client.invoke(1);
    assertThat(client.step(new ClientEvent.TimerFired(9_999, ClientTimer.REQUEST, 77))).isEmpty();
    assertThat(client.step(new ClientEvent.TimerFired(9_999, ClientTimer.READ, 1))).isEmpty();
  }

  // Busy replicas.

  @Test
  void aBusyPrimaryIsGivenTimeThatGrowsAndVariesWithTheRequest() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.invoke(2);
    long first = backedOff(client.busy(0, 1));
    long second = backedOff(client.busy(0, 2));
    assertThat(first).isBetween(300L, 375L);
    assertThat(second).isBetween(300L, 375L).isNotEqualTo(first);
    assertThat(broadcasts(client.pass(299))).isEmpty();
    assertThat(broadcasts(client.pass(76))).hasSize(1);
    assertThat(broadcasts(client.pass(150))).as("a round later").hasSize(1);
    assertThat(backedOff(client.busy(0, 1))).isBetween(600L, 750L);
  }

  @Test
  void whatAPrimaryTurnedAwayItIsToldAgainInOrderHoweverManyAreOlder() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 20; i++) {
      client.invoke(i);
    }
    client.busy(0, 16);
    client.busy(0, 15);
    List<ClientEffect> effects = client.pass(400);
    assertThat(sends(effects)).extracting(s -> s.request().timestamp()).containsExactly(15L);
    assertThat(sends(effects)).allMatch(send -> send.to() == 0);
    assertThat(timestamps(effects)).doesNotContain(15L, 16L);
    assertThat(sends(client.pass(400))).extracting(s -> s.request().timestamp()).contains(16L);
  }

  @Test
  void behindWhatWasTurnedAwayNothingIsSent() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.invoke(2);
    client.busy(0, 2);
    assertThat(sends(client.invoke(3))).isEmpty();
    client.reply(1, 1, "one");
    assertThat(sends(client.reply(2, 1, "one")))
        .as("an answer shows that there is room again")
        .extracting(s -> s.request().timestamp())
        .containsExactly(2L, 3L);
  }

  /**
   * Sixteen in flight are twelve after the first BUSY, however many of these come together; then
   * one more for four answers, and a little slower when there are more.
   */
  @Test
  void aSessionHasAQuarterLessInFlightAndTakesItUpAgainWithTheAnswers() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 16; i++) {
      client.invoke(i);
    }
    client.busy(0, 15);
    client.busy(0, 16);
    for (int i = 17; i <= 600; i++) {
      client.invoke(i);
    }
    assertThat(inFlightAfterAnswers(client, 1, 14)).isEqualTo(15);
    assertThat(inFlightAfterAnswers(client, 15, 16)).isEqualTo(16);
    assertThat(inFlightAfterAnswers(client, 17, 500)).isGreaterThan(40);
  }

  /** Of a hundred that met a full pool it has a half in flight, and no more than that. */
  @Test
  void whatWasTurnedAwayIsSentAgainUpToAHalf() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 100; i++) {
      client.invoke(i);
    }
    for (int i = 21; i <= 100; i++) {
      client.busy(0, i);
    }
    client.reply(1, 1, "done");
    assertThat(sends(client.reply(2, 1, "done")))
        .extracting(send -> send.request().timestamp())
        .containsExactlyElementsOf(LongStream.rangeClosed(21, 51).boxed().toList());
    client.reply(1, 2, "done");
    assertThat(sends(client.reply(2, 2, "done")))
        .extracting(send -> send.request().timestamp())
        .as("one for each answer from now on")
        .containsExactly(52L);
  }

  /** Thirty are too many for a replica that has room for twenty in any case. */
  @Test
  void whatHasRoomInAnyCaseStaysInFlight() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 30; i++) {
      client.invoke(i);
    }
    for (int i = 21; i <= 30; i++) {
      assertThat(sends(client.busy(0, i, 20))).isEmpty();
    }
    client.reply(1, 1, "done");
    assertThat(sends(client.reply(2, 1, "done")))
        .extracting(send -> send.request().timestamp())
        .containsExactly(21L);
  }

  /**
   * All that was before them has been answered when their primary's word comes: no answer is left
   * that could show that there is room again, and the session would stand still for a pause.
   */
  @Test
  void whatWasTurnedAwayForWhatHasBeenAnsweredSinceIsSentAgainAtOnce() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 30; i++) {
      client.invoke(i);
    }
    for (int i = 1; i <= 20; i++) {
      client.reply(1, i, "done");
      client.reply(2, i, "done");
    }
    for (int i = 21; i <= 30; i++) {
      assertThat(sends(client.busy(0, i, 20)))
          .extracting(send -> send.request().timestamp())
          .containsExactly((long) i);
    }
    for (int i = 21; i <= 30; i++) {
      assertThat(sends(client.busy(0, i, 20))).as("once").isEmpty();
    }
  }

  @Test
  void whoDoesNotSayThatItHasRoomIsGivenTime() {
    Script client = Script.connected(4);
    client.invoke(1);
    assertThat(sends(client.busy(0, 1, 0))).isEmpty();
  }

  /** Twelve in flight, six in their middle turned away: what is behind these waits for them. */
  @Test
  void whatIsInFlightBehindTheTurnedAwayDoesNotHoldThemUp() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 12; i++) {
      client.invoke(i);
    }
    for (int i = 2; i <= 7; i++) {
      client.busy(0, i);
    }
    client.reply(1, 1, "done");
    assertThat(sends(client.reply(2, 1, "done")))
        .extracting(send -> send.request().timestamp())
        .containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
  }

  /**
   * Two hundred in flight, half of them turned away, but fifty answered in between: these have made
   * room, so there is room for a hundred, not for fifty.
   */
  @Test
  void whatIsAnsweredBetweenTwoRefusalsIsNoRoomThatIsMissing() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 200; i++) {
      client.invoke(i);
    }
    refuseAndAnswer(client, 101, 1, 50);
    refuseAndAnswer(client, 151, 51, 0);
    client.reply(1, 51, "done");
    assertThat(sends(client.reply(2, 51, "done")))
        .extracting(send -> send.request().timestamp())
        .containsExactly(151L);
  }

  /** Fifty are turned away, then some are answered. */
  private static void refuseAndAnswer(Script client, int refused, int answered, int answers) {
    for (int i = refused; i < refused + 50; i++) {
      client.busy(0, i);
    }
    for (int i = answered; i < answered + answers; i++) {
      client.reply(1, i, "done");
      client.reply(2, i, "done");
    }
  }

  private static int inFlightAfterAnswers(Script client, int first, int last) {
    for (int i = first; i <= last; i++) {
      client.reply(1, i, "done");
      client.reply(2, i, "done");
    }
    long sent =
        sends(client.all).stream().mapToLong(s -> s.request().timestamp()).max().orElseThrow();
    return (int) sent - last;
  }

  @Test
  void aTraitorsStreamOfBusyPutsARequestOffOnceATransmission() {
    Script client = Script.connected(4);
    client.invoke(1);
    assertThat(client.busy(3, 1)).as("one backup says nothing").isEmpty();
    client.busy(0, 1);
    boolean sent = false;
    for (int i = 0; i < 375; i++) {
      client.busy(0, 1);
      sent |= !broadcasts(client.pass(1)).isEmpty();
    }
    assertThat(sent).isTrue();
  }

  @Test
  void aWeakCertificateOfBusyBackupsCounts() {
    Script client = Script.connected(4);
    client.invoke(1);
    assertThat(client.busy(2, 1)).isEmpty();
    assertThat(client.busy(2, 1)).as("counted once").isEmpty();
    assertThat(backedOff(client.busy(3, 1))).isPositive();
    client.reply(1, 1, "yes");
    assertThat(outcomes(client.reply(2, 1, "yes"))).containsExactly(completed(1, "yes"));
    assertThat(client.busy(3, 1)).as("late").isEmpty();
    assertThat(client.busy(3, 2))
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.BUSY, 3));
  }

  @Test
  void whoIsToldToSignSignsAllFromThenOn() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 20; i++) {
      assertThat(sends(client.invoke(i)).get(0).signed()).isFalse();
    }
    List<ClientEffect.SendRequest> again = sends(client.mustSign(0, 7));
    assertThat(again)
        .extracting(send -> send.request().timestamp())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
    assertThat(again).allMatch(ClientEffect.SendRequest::signed);
    assertThat(client.mustSign(0, 8)).as("it has").isEmpty();
    assertThat(sends(client.invoke(21)).get(0).signed()).isTrue();
  }

  @Test
  void oneBackupMakesNobodySign() {
    Script client = Script.connected(4);
    client.invoke(1);
    assertThat(client.mustSign(3, 1)).isEmpty();
    assertThat(client.mustSign(3, 1)).as("counted once").isEmpty();
    assertThat(sends(client.invoke(2)).get(0).signed()).isFalse();
    assertThat(sends(client.mustSign(2, 1))).as("f+1 do").hasSize(2);
    assertThat(client.mustSign(2, 9))
        .as("never sent")
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.BUSY, 2));
  }

  private static long backedOff(List<ClientEffect> effects) {
    return only(effects, ClientEffect.Observe.class).stream()
        .map(ClientEffect.Observe::observation)
        .filter(ClientObservation.BackedOff.class::isInstance)
        .map(o -> ((ClientObservation.BackedOff) o).delayMillis())
        .findFirst()
        .orElse(0L);
  }

  private static List<Long> timestamps(List<ClientEffect> effects) {
    return broadcasts(effects).stream().map(b -> b.request().timestamp()).toList();
  }
}
