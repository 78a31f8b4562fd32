package io.pbft.client.core;

import static io.pbft.client.TestCluster.CLIENT;
import static io.pbft.client.core.Script.SESSION;
import static io.pbft.client.core.Script.broadcasts;
import static io.pbft.client.core.Script.only;
import static io.pbft.client.core.Script.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.client.TestCluster;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Floods, and random lives of a client with traitors: bounds, truth, and the same life twice. */
final class HostileRepliesTest {
  private static final int OPERATIONS = 60;

  @Test
  void aFloodOfRepliesFillsNoMoreThanItsBudget() {
    TestCluster cluster = new TestCluster(4);
    long limit = 100_000;
    Script client = Script.connected(cluster, Script.config(cluster).withBounds(64, limit));
    for (int op = 1; op <= 60; op++) {
      client.invoke(op);
    }
    for (int i = 0; i < 500; i++) {
      byte[] junk = new byte[10_000];
      junk[0] = (byte) i;
      client.reply(3, 1 + i % 60, new Result(Result.Outcome.OK, junk));
      assertThat(client.core.unprovenBytes()).isLessThanOrEqualTo(limit);
    }
    assertThat(client.core.operations()).isEqualTo(60);

    // No room is left for an honest result either: its digest counts, and the bytes come later.
    Result honest = new Result(Result.Outcome.OK, new byte[20_000]);
    client.deliver(0, new Reply(0, CLIENT, SESSION, 50, honest.digest(), honest, 0));
    client.deliver(1, new Reply(0, CLIENT, SESSION, 50, honest.digest(), null, 1));
    assertThat(broadcasts(client.pass(75)))
        .extracting(b -> b.request().timestamp() + " " + b.fullReplies())
        .containsExactly("50 true");
    assertThat(outcomes(client.reply(0, 50, honest)))
        .containsExactly(new ClientEffect.Completed(50, honest));
  }

  @Test
  void theBudgetIsGivenBackWhenOperationsEnd() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.fastRead(2);
    client.fastRead(3);
    client.reply(3, 1, "a lie");
    client.readReply(3, 1, "a lie");
    client.readReply(3, 2, "a lie");
    assertThat(client.core.unprovenBytes()).isEqualTo(15);
    client.reply(1, 1, "true");
    client.reply(2, 1, "true");
    client.abandon(2);
    for (int replica = 0; replica < 3; replica++) {
      client.readReply(replica, 2, "true");
    }
    assertThat(client.core.unprovenBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void withUpToFTraitorsEveryOperationEndsAndWithTheTruth(int seed) {
    Script client = life(seed);
    List<Long> completed = new ArrayList<>();
    for (ClientEffect.Completed c : only(client.all, ClientEffect.Completed.class)) {
      assertThat(c.result()).isEqualTo(truth(c.opId()));
      completed.add(c.opId());
    }
    assertThat(completed).hasSize(OPERATIONS).doesNotHaveDuplicates();
    assertThat(only(client.all, ClientEffect.Failed.class)).isEmpty();
    assertThat(client.core.operations()).isZero();
    assertThat(client.core.unprovenBytes()).isZero();
  }

  @Test
  void theSameEventsGiveTheSameEffects() {
    assertThat(life(9).all).hasSameSizeAs(life(9).all);
    assertThat(life(9).all.toString()).isEqualTo(life(9).all.toString());
    assertThat(life(9).all.toString()).isNotEqualTo(life(10).all.toString());
  }

  private static Result truth(long timestamp) {
    return Script.ok("true " + timestamp);
  }

  /** Seven replicas, two of them liars; messages are lost and links flap until the end. */
  private static Script life(int seed) {
    Random random = new Random(seed);
    TestCluster cluster = new TestCluster(7);
    Script client = Script.connected(cluster, Script.config(cluster).withWindow(16, 100));
    for (int op = 1; op <= OPERATIONS; op++) {
      client.invoke(op);
      for (int i = random.nextInt(12); i > 0; i--) {
        random(client, random, op);
      }
    }
    for (int round = 0; round < 20 && client.core.operations() > 0; round++) {
      answerAll(client);
    }
    return client;
  }

  private static void random(Script client, Random random, int op) {
    int replica = random.nextInt(7);
    long timestamp = 1L + random.nextInt(op);
    switch (random.nextInt(8)) {
      case 0 -> client.disconnect(replica);
      case 1 -> client.connect(replica);
      case 2 -> {
        if (random.nextBoolean()) {
          client.busy(replica, timestamp);
        } else {
          client.mustSign(replica, timestamp);
        }
      }
      case 3 -> client.pass(random.nextInt(100));
      case 4 -> client.inView(random.nextInt(4));
      default -> {
        if (wasSent(client, timestamp)) {
          reply(client, replica, timestamp, random.nextBoolean());
        }
      }
    }
  }

  private static void reply(Script client, int replica, long timestamp, boolean full) {
    Result result = replica >= 5 ? Script.ok("lie") : truth(timestamp);
    client.deliver(
        replica,
        new Reply(0, CLIENT, SESSION, timestamp, result.digest(), full ? result : null, replica));
  }

  /** Correct replicas answer only what reached them. */
  private static boolean wasSent(Script client, long timestamp) {
    return Script.sends(client.all).stream().anyMatch(s -> s.request().timestamp() == timestamp)
        || broadcasts(client.all).stream().anyMatch(b -> b.request().timestamp() == timestamp);
  }

  private static void answerAll(Script client) {
    for (int replica = 0; replica < 7; replica++) {
      client.connect(replica);
    }
    client.pass(3_000);
    for (long timestamp = 1; timestamp <= OPERATIONS; timestamp++) {
      for (int replica = 6; replica >= 0 && wasSent(client, timestamp); replica--) {
        reply(client, replica, timestamp, true);
      }
    }
  }
}
