package io.pbft.client.core;

import static io.pbft.client.core.Script.broadcasts;
import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.ok;
import static io.pbft.client.core.Script.outcome;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.codec.Limits;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.message.Result.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replicas keep so many bytes of a session's replies, and forget what it is still waiting for. */
final class KeptRepliesTest {
  private static final Result FORGOTTEN = outcome(Outcome.FORGOTTEN);
  private static final Result LONGEST = ok("x".repeat(Limits.DEFAULT.resultBytes()));

  @Test
  void oneWhoIsBehindBringsTheResultThatOthersHaveForgottenMeanwhile() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.digestReply(1, 1, "true");
    client.digestReply(2, 1, "true");
    assertThat(broadcasts(client.pass(75))).as("the result is asked for").hasSize(1);
    client.reply(1, 1, FORGOTTEN);
    assertThat(outcomes(client.reply(2, 1, FORGOTTEN))).isEmpty();
    assertThat(outcomes(client.reply(3, 1, "true"))).containsExactly(completed(1, "true"));
  }

  @Test
  void whenAllHaveForgottenTheOutcomeIsUnknownAtOnce() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.digestReply(1, 1, "true");
    client.digestReply(2, 1, "true");
    client.pass(75);
    for (int replica = 0; replica < 3; replica++) {
      assertThat(outcomes(client.reply(replica, 1, FORGOTTEN))).isEmpty();
    }
    assertThat(client.reply(3, 1, FORGOTTEN))
        .as("and nobody is called a liar for having known it")
        .containsOnlyOnce(unknown(1))
        .doesNotHaveAnyElementsOfTypes(ClientEffect.Observe.class);
  }

  @Test
  void oneWhoNeverAnswersIsNotWaitedForWithoutEnd() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.digestReply(1, 1, "true");
    client.digestReply(2, 1, "true");
    for (int rounds = 0; rounds < 6; rounds++) {
      client.pass(2_000);
      client.reply(1, 1, FORGOTTEN);
      client.reply(2, 1, FORGOTTEN);
    }
    assertThat(outcomes(client.all)).containsExactly(unknown(1));
  }

  @Test
  void noMoreIsAskedForThanReplicasKeepUntilTheFirstIsAnswered() {
    Script client = Script.connected(4);
    assertThat(timestamps(client.invoke(1))).containsExactly(1L);
    answer(client, 1);
    for (int i = 2; i <= 5; i++) {
      assertThat(timestamps(client.invoke(i))).containsExactly((long) i);
    }
    assertThat(timestamps(client.invoke(6))).as("a fifth result of a megabyte").isEmpty();
    assertThat(timestamps(client.invoke(7))).isEmpty();
    assertThat(timestamps(answer(client, 3))).as("2 may be asked for again").isEmpty();
    assertThat(timestamps(answer(client, 2)))
        .as("2 and 3 are acknowledged")
        .containsExactly(6L, 7L);
  }

  @Test
  void shortResultsMakeRoomForTheWindowAgain() {
    Script client = Script.connected(4);
    client.invoke(1);
    answer(client, 1);
    long timestamp = 2;
    for (; timestamp < 1_000; timestamp++) {
      client.invoke(timestamp);
      client.reply(1, timestamp, "short");
      client.reply(2, timestamp, "short");
    }
    for (; timestamp < 1_060; timestamp++) {
      assertThat(timestamps(client.invoke(timestamp))).containsExactly(timestamp);
    }
  }

  private static List<ClientEffect> answer(Script client, long timestamp) {
    client.reply(1, timestamp, LONGEST);
    return client.reply(2, timestamp, LONGEST);
  }

  private static List<Long> timestamps(List<ClientEffect> effects) {
    return sends(effects).stream()
        .map(ClientEffect.SendRequest::request)
        .map(Request::timestamp)
        .toList();
  }

  private static ClientEffect unknown(long opId) {
    return new ClientEffect.Failed(opId, ClientFailure.OUTCOME_UNKNOWN);
  }
}
