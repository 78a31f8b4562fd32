package io.pbft.client.core;

import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.only;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.client.TestCluster;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The window, the queue behind it, and the end of a session. */
final class SessionTest {

  private static Script small(int window, int queue) {
    TestCluster cluster = new TestCluster(4);
    return Script.connected(cluster, Script.config(cluster).withWindow(window, queue));
  }

  private static List<ClientEffect> answer(Script client, long timestamp) {
    client.reply(1, timestamp, "r" + timestamp);
    return client.reply(2, timestamp, "r" + timestamp);
  }

  @Test
  void answersMayComeInAnyOrder() {
    Script client = Script.connected(4);
    for (long op = 1; op <= 3; op++) {
      assertThat(sends(client.invoke(op)).get(0).request().timestamp()).isEqualTo(op);
    }
    assertThat(outcomes(answer(client, 3))).containsExactly(completed(3, "r3"));
    assertThat(outcomes(answer(client, 1))).containsExactly(completed(1, "r1"));
    assertThat(outcomes(answer(client, 2))).containsExactly(completed(2, "r2"));
    assertThat(client.core.operations()).isZero();
  }

  @Test
  void acknowledgedIsTheLowestUnansweredTimestampAtTheFirstSending() {
    Script client = Script.connected(4);
    client.invoke(1);
    client.invoke(2);
    answer(client, 2);
    assertThat(acknowledged(client.invoke(3))).as("1 is open").isEqualTo(1);
    answer(client, 1);
    assertThat(acknowledged(client.invoke(4))).as("1 and 2 are answered").isEqualTo(3);
    answer(client, 3);
    assertThat(Script.broadcasts(client.pass(150)))
        .as("a retransmission says what it said first, or its digest would be another")
        .extracting(b -> b.request().acknowledged())
        .containsExactly(3L);
  }

  @Test
  void theWindowCountsFromTheLowestUnansweredTimestamp() {
    Script client = small(3, 10);
    for (int i = 1; i <= 5; i++) {
      client.invoke(i);
    }
    assertThat(sends(client.all)).hasSize(3);
    answer(client, 2);
    answer(client, 3);
    assertThat(sends(client.all)).as("replicas would drop 4 while 1 is not executed").hasSize(3);
    assertThat(sends(answer(client, 1)))
        .extracting(s -> s.request().timestamp())
        .containsExactly(4L, 5L);
  }

  /** A link that is given more than it has room for loses the rest, and says nothing. */
  @Test
  void theWindowIsBoundedInBytes() {
    Script client = small(64, 64);
    byte[] large = new byte[1 << 20];
    int most = (int) Session.IN_FLIGHT_BYTES / large.length;
    client.invoke(1, new byte[0]);
    for (int i = 1; i <= most + 2; i++) {
      client.invoke(1 + i, large);
    }
    assertThat(sends(client.all)).hasSize(1 + most);
    assertThat(sends(answer(client, 1))).as("it had no bytes").isEmpty();
    assertThat(sends(answer(client, 2))).hasSize(1);
    assertThat(sends(answer(client, 3))).hasSize(1);
    assertThat(sends(client.invoke(100, new byte[0]))).hasSize(1);
  }

  @Test
  void beyondTheQueueAnOperationFailsAtOnce() {
    Script client = small(1, 1);
    client.invoke(1);
    client.invoke(2);
    assertThat(client.invoke(3))
        .containsExactly(new ClientEffect.Failed(3, ClientFailure.OVERLOADED));
    answer(client, 1);
    assertThat(outcomes(client.invoke(4))).as("there is room again").isEmpty();
  }

  @Test
  void anOperationThatReplicasWouldRefuseGetsNoTimestamp() {
    Script client = Script.connected(4);
    byte[] huge = new byte[client.cluster.config.limits().operationBytes() + 1];
    assertThat(client.step(new ClientEvent.Invoke(0, 1, Request.Kind.WRITE, huge)))
        .containsExactly(new ClientEffect.Failed(1, ClientFailure.TOO_LARGE));
    assertThat(client.step(new ClientEvent.Read(0, 1, true, huge)))
        .containsExactly(new ClientEffect.Failed(1, ClientFailure.TOO_LARGE));
    assertThat(sends(client.invoke(2)).get(0).request().timestamp()).isEqualTo(1);
  }

  @Test
  void anAbandonedOperationStaysInTheSessionWithoutAReport() {
    Script client = small(1, 5);
    client.invoke(1);
    client.invoke(2);
    assertThat(client.abandon(1)).isEmpty();
    assertThat(Script.broadcasts(client.pass(150)))
        .as("2 would never be executed without 1")
        .hasSize(1);
    List<ClientEffect> effects = answer(client, 1);
    assertThat(outcomes(effects)).isEmpty();
    assertThat(sends(effects)).extracting(s -> s.request().timestamp()).containsExactly(2L);
  }

  @Test
  void anAbandonedOperationThatWasNotSentNeverIs() {
    Script client = small(1, 5);
    client.invoke(1);
    client.invoke(2);
    client.invoke(3);
    client.abandon(2);
    client.abandon(99);
    List<ClientEffect> effects = answer(client, 1);
    assertThat(sends(effects)).hasSize(1);
    assertThat(
            new String(
                sends(effects).get(0).request().operation(),
                java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("op3");
    assertThat(client.core.operations()).isEqualTo(1);
  }

  @Test
  void twoOperationsOfOneNameAreTheDriversMistake() {
    Script client = Script.connected(4);
    client.invoke(1);
    assertThatThrownBy(() -> client.fastRead(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.connect(4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whenTheSessionExpiresSentWritesAreUnknownAndTheRestIsReturned() {
    Script client = small(3, 10);
    client.invoke(1);
    client.step(new ClientEvent.Invoke(0, 2, Request.Kind.READ, TestCluster.bytes("get")));
    client.invoke(3);
    client.invoke(4);
    client.invoke(5);
    client.abandon(3);
    client.fastRead(6);
    client.status(7, 2);

    Result expired = Script.outcome(Result.Outcome.SESSION_EXPIRED);
    assertThat(only(client.reply(1, 1, expired), ClientEffect.SessionExpired.class))
        .as("one replica's word")
        .isEmpty();
    List<ClientEffect> effects = client.reply(2, 1, expired);
    assertThat(effects.stream().filter(e -> !(e instanceof ClientEffect.Cancel)))
        .containsExactly(
            new ClientEffect.SessionExpired(),
            new ClientEffect.Failed(1, ClientFailure.OUTCOME_UNKNOWN),
            new ClientEffect.Returned(2),
            new ClientEffect.Returned(4),
            new ClientEffect.Returned(5),
            new ClientEffect.Returned(6),
            new ClientEffect.Returned(7));
    assertThat(client.invoke(8)).containsExactly(new ClientEffect.Returned(8));
    assertThat(client.core.operations()).isZero();
    assertThat(client.pass(60_000)).isEmpty();
    assertThat(client.reply(3, 1, "late")).isEmpty();
  }

  private static long acknowledged(List<ClientEffect> effects) {
    return sends(effects).get(0).request().acknowledged();
  }
}
