package io.pbft.client.core;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.core.Script.SESSION;
import static io.pbft.client.core.Script.broadcasts;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.client.TestCluster;
import io.pbft.core.ProtocolConfig;
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

  /**
   * A session is executed in order: what is answered shows that those behind it are worked on, and
   * signed copies of them would be checked by all, when replicas have most to do.
   */
  @Test
  void whatWaitsForItsTurnIsNotSentAgainAsLongAsThoseBeforeItAreAnswered() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 20; i++) {
      client.invoke(i);
    }
    client.pass(140);
    answer(client, 1);
    assertThat(timestamps(client.pass(149))).isEmpty();
    answer(client, 2);
    assertThat(timestamps(client.pass(149))).isEmpty();
    assertThat(timestamps(client.pass(1))).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
  }

  /** Else a primary that executes one now and then would hold up the rest. */
  @Test
  void noTurnIsWaitedForLongerThanEightTimeouts() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 20; i++) {
      client.invoke(i);
    }
    for (int i = 1; i < 12; i++) {
      assertThat(timestamps(client.pass(100))).isEmpty();
      answer(client, i);
    }
    assertThat(timestamps(client.pass(100))).contains(12L);
  }

  /** It has been executed, since a later one has: what is missing is its answer. */
  @Test
  void whatALaterAnswerHasOvertakenIsSentAgainInTime() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.invoke(2);
    client.pass(140);
    answer(client, 2);
    assertThat(timestamps(client.pass(10))).containsExactly(1L);
  }

  @Test
  void whatWaitsForItsTurnGoesToAllWhenThePrimaryIsLost() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 3; i++) {
      client.invoke(i);
    }
    answer(client, 1);
    assertThat(timestamps(client.disconnect(0))).containsExactly(2L, 3L);
  }

  private static void answer(Script client, int timestamp) {
    client.reply(1, timestamp, "done");
    client.reply(2, timestamp, "done");
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
    for (int i = 1; i <= 60; i++) {
      client.invoke(i);
    }
    client.pass(150); // the oldest, signed, find their way
    client.reply(1, 1, "yes");
    client.reply(3, 1, "yes");
    assertThat(sends(client.connect(2)))
        .allMatch(send -> send.to() == 2)
        .extracting(send -> send.request().timestamp())
        .isEqualTo(LongStream.rangeClosed(2, 60).boxed().toList());
  }

  /** What was on its way to it when the link broke may be lost. */
  @Test
  void aPrimaryThatIsBackIsToldEverythingAgain() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 60; i++) {
      client.invoke(i);
    }
    client.disconnect(0);
    assertThat(sends(client.connect(0))).hasSize(60);
  }

  /** To sign them all would cost all replicas a check of each. */
  @Test
  void whatCouldOnlyBeSignedIsToldAgainOnceAQuorumIsConnected() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 60; i++) {
      client.invoke(i);
    }
    List.of(3, 2, 1, 0).forEach(client::disconnect);
    assertThat(sends(client.connect(0))).isEmpty();
    assertThat(sends(client.connect(1))).isEmpty();
    assertThat(sends(client.connect(2))).hasSize(60).noneMatch(ClientEffect.SendRequest::signed);
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

  private static List<Long> timestamps(List<ClientEffect> effects) {
    return broadcasts(effects).stream().map(b -> b.request().timestamp()).toList();
  }
}
