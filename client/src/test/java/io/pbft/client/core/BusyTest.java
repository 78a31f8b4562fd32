package io.pbft.client.core;

import static io.pbft.client.core.Script.broadcasts;
import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.only;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.refused;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a client does when replicas are too busy for its requests (PROTOCOL.md, normal case, 7). */
final class BusyTest {

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

  /** Of sixty that met a full pool it has a half in flight, and no more than that. */
  @Test
  void whatWasTurnedAwayIsSentAgainUpToAHalf() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 60; i++) {
      client.invoke(i);
    }
    for (int i = 21; i <= 60; i++) {
      client.busy(0, i);
    }
    client.reply(1, 1, "done");
    assertThat(sends(client.reply(2, 1, "done")))
        .extracting(send -> send.request().timestamp())
        .containsExactlyElementsOf(LongStream.rangeClosed(21, 31).boxed().toList());
    client.reply(1, 2, "done");
    assertThat(sends(client.reply(2, 2, "done")))
        .extracting(send -> send.request().timestamp())
        .as("one for each answer from now on")
        .containsExactly(32L);
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
   * Sixty in flight, half of them turned away, but fifteen answered in between: these have made
   * room, so there is room for thirty, not for fifteen.
   */
  @Test
  void whatIsAnsweredBetweenTwoRefusalsIsNoRoomThatIsMissing() {
    Script client = Script.connected(4);
    for (int i = 1; i <= 60; i++) {
      client.invoke(i);
    }
    refuseAndAnswer(client, 31, 1, 15);
    refuseAndAnswer(client, 46, 16, 0);
    client.reply(1, 16, "done");
    assertThat(sends(client.reply(2, 16, "done")))
        .extracting(send -> send.request().timestamp())
        .containsExactly(46L);
  }

  /** Fifteen are turned away, then some are answered. */
  private static void refuseAndAnswer(Script client, int refused, int answered, int answers) {
    for (int i = refused; i < refused + 15; i++) {
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
