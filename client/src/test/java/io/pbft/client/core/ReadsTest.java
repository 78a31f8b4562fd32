package io.pbft.client.core;

import static io.pbft.client.core.Script.SESSION;
import static io.pbft.client.core.Script.completed;
import static io.pbft.client.core.Script.ok;
import static io.pbft.client.core.Script.only;
import static io.pbft.client.core.Script.outcomes;
import static io.pbft.client.core.Script.refused;
import static io.pbft.client.core.Script.sends;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Quorums;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fast and stale reads, and questions for a status (PROTOCOL.md, reads). */
final class ReadsTest {

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10})
  void aFastReadAsksAllAndTakesAQuorum(int n) {
    Script client = Script.connected(n);
    int quorum = Quorums.of(n).quorum();
    assertThat(asked(client.fastRead(1))).hasSize(n);
    for (int replica = 1; replica < quorum; replica++) {
      assertThat(outcomes(client.readDigest(replica, 1, "v"))).isEmpty();
    }
    assertThat(outcomes(client.readReply(0, 1, "v"))).containsExactly(completed(1, "v"));
    assertThat(client.readReply(n - 1, 1, "old")).as("late, and it may differ").isEmpty();
    assertThat(client.pass(10_000)).isEmpty();
  }

  @Test
  void aFastReadOnWhichTooManyDifferIsOrderedAtOnce() {
    Script client = Script.connected(4);
    client.fastRead(1);
    client.readReply(0, 1, "new");
    client.readReply(1, 1, "old");
    assertThat(sends(client.readReply(2, 1, "new"))).as("3 may still make it three").isEmpty();
    List<ClientEffect> effects = client.readReply(3, 1, "old");
    assertThat(effects).contains(new ClientEffect.Observe(new ClientObservation.ReadFellBack(1)));
    assertThat(sends(effects))
        .extracting(s -> s.request().kind())
        .containsExactly(Request.Kind.READ);
    assertThat(sends(effects)).as("whose request").allMatch(s -> s.opId() == 1);
    client.reply(1, 1, "new");
    assertThat(outcomes(client.reply(2, 1, "new"))).containsExactly(completed(1, "new"));
  }

  @Test
  void oneTraitorDoesNotStopAFastReadAndAnotherSilentOneDelaysIt() {
    Script client = Script.connected(4);
    client.fastRead(1);
    client.readReply(3, 1, "lie");
    client.readReply(0, 1, "v");
    client.readReply(1, 1, "v");
    assertThat(outcomes(client.readReply(2, 1, "v"))).containsExactly(completed(1, "v"));

    client.fastRead(2);
    client.readReply(0, 2, "v");
    client.readReply(1, 2, "v");
    assertThat(sends(client.pass(149))).isEmpty();
    assertThat(sends(client.pass(1))).as("ordered after the timeout").hasSize(1);
  }

  @Test
  void aFastReadThatTooManyRefuseIsOrderedAtOnce() {
    Script client = Script.connected(4);
    client.fastRead(1);
    assertThat(sends(refusal(client, 0, 1))).as("the others are a quorum").isEmpty();
    assertThat(sends(refusal(client, 0, 1))).as("it has said so").isEmpty();
    assertThat(sends(refusal(client, 1, 1))).hasSize(1);

    client.fastRead(2);
    refusal(client, 0, 2);
    client.readReply(1, 2, "v");
    client.readReply(2, 2, "v");
    assertThat(outcomes(client.readReply(3, 2, "v"))).containsExactly(completed(2, "v"));
  }

  @Test
  void aStaleReadThatIsRefusedAsksEachOnceAndThenTakesItsTime() {
    Script client = Script.connected(4);
    assertThat(asked(client.staleRead(1))).containsExactly(1);
    assertThat(asked(refusal(client, 1, 1))).containsExactly(2);
    assertThat(asked(refusal(client, 2, 1))).containsExactly(3);
    assertThat(asked(refusal(client, 3, 1))).containsExactly(0);
    assertThat(asked(refusal(client, 0, 1))).as("all have been asked").isEmpty();
    assertThat(asked(client.pass(150))).containsExactly(1);
    assertThat(asked(refusal(client, 1, 1))).isEmpty();
    assertThat(outcomes(client.readReply(2, 1, "v"))).containsExactly(completed(1, "v"));
  }

  @Test
  void aReadFromOneReplicaThatRefusesItAsksAgainInItsTime() {
    Script client = Script.connected(4);
    client.readFrom(1, 2);
    assertThat(asked(refusal(client, 2, 1))).isEmpty();
    assertThat(asked(client.pass(150))).containsExactly(2);
  }

  private static List<ClientEffect> refusal(Script client, int replica, long nonce) {
    return client.deliver(
        replica, ReadReply.refusal(new ReadRequest(0, SESSION, nonce, true, new byte[0]), replica));
  }

  @Test
  void aReplicaCountsOnceForAFastRead() {
    Script client = Script.connected(4);
    client.fastRead(1);
    client.readReply(0, 1, "v");
    client.readReply(0, 1, "v");
    assertThat(outcomes(client.readReply(0, 1, "v"))).isEmpty();
  }

  @Test
  void digestsAloneAreNoAnswer() {
    Script client = Script.connected(4);
    client.fastRead(1);
    for (int replica = 0; replica < 3; replica++) {
      client.readDigest(replica, 1, "v");
    }
    assertThat(sends(client.readDigest(3, 1, "v"))).as("ordered").hasSize(1);
  }

  @Test
  void withoutAQuorumOfLinksAFastReadIsOrderedAtOnce() {
    Script client = Script.connected(4);
    client.disconnect(2);
    client.fastRead(1);
    assertThat(sends(client.disconnect(3))).as("two can't make three").hasSize(1);
    assertThat(sends(client.fastRead(2))).hasSize(1);
    assertThat(asked(client.all)).as("the second asked nobody").hasSize(3);
  }

  @Test
  void staleReadsGoRoundTheReplicasAndBelieveOne() {
    Script client = Script.connected(4);
    client.disconnect(2);
    assertThat(asked(client.staleRead(1))).containsExactly(1);
    assertThat(asked(client.staleRead(2))).as("2 is not there").containsExactly(3);
    assertThat(client.readReply(3, 1, "v"))
        .as("it was not asked")
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.READ_REPLY, 3));
    assertThat(outcomes(client.readReply(1, 1, "v"))).containsExactly(completed(1, "v"));
  }

  @Test
  void aStaleReadAsksTheNextWhenOneIsSilentGoneOrEvasive() {
    Script client = Script.connected(4);
    client.staleRead(1);
    assertThat(asked(client.pass(150))).containsExactly(2);
    assertThat(asked(client.disconnect(2))).containsExactly(3);
    assertThat(asked(client.readDigest(3, 1, "v"))).containsExactly(0);
    assertThat(outcomes(client.readReply(1, 1, "v")))
        .as("the first one after all")
        .containsExactly(completed(1, "v"));
  }

  @Test
  void aStaleReadBeforeTheFirstLinkIsSentWithIt() {
    io.pbft.client.TestCluster cluster = new io.pbft.client.TestCluster(4);
    Script client = new Script(cluster, Script.config(cluster));
    assertThat(asked(client.staleRead(1))).isEmpty();
    assertThat(asked(client.connect(3))).containsExactly(3);
  }

  @Test
  void aReadFromOneReplicaAsksNobodyElse() {
    Script client = Script.connected(4);
    assertThat(asked(client.readFrom(1, 2))).containsExactly(2);
    assertThat(asked(client.pass(10_000)))
        .as("again and again")
        .hasSizeGreaterThan(1)
        .containsOnly(2);
    assertThat(asked(client.disconnect(2))).isEmpty();
    assertThat(asked(client.pass(10_000))).as("it has to come back").isEmpty();
    assertThat(asked(client.connect(2))).containsExactly(2);
    assertThat(client.readReply(1, 1, "v"))
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.READ_REPLY, 1));
    assertThat(outcomes(client.readReply(2, 1, "v"))).hasSize(1);
    assertThat(client.readFrom(2, 4))
        .containsExactly(new ClientEffect.Failed(2, ClientFailure.UNKNOWN_REPLICA));
  }

  @Test
  void answersToReadsNeverMadeOrThatLieAboutTheirDigestAreRefused() {
    Script client = Script.connected(4);
    client.fastRead(1);
    assertThat(client.readReply(1, 2, "v"))
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.READ_REPLY, 1));
    assertThat(client.deliver(1, new ReadReply(SESSION, 1, 5, ok("a").digest(), ok("b"), 1)))
        .containsExactly(refused(Reason.BAD_DIGEST, MessageType.READ_REPLY, 1));
    assertThat(client.deliver(1, new ReadReply(SESSION + 1, 1, 5, ok("a").digest(), ok("a"), 1)))
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.READ_REPLY, 1));
  }

  @Test
  void anAbandonedReadIsForgotten() {
    Script client = Script.connected(4);
    client.fastRead(1);
    client.staleRead(2);
    client.abandon(1);
    client.abandon(2);
    assertThat(client.core.operations()).isZero();
    assertThat(asked(client.pass(10_000))).isEmpty();
    assertThat(client.readReply(1, 2, "v")).isEmpty();
  }

  @Test
  void aQueryThatThrewAtAQuorumIsAResult() {
    Script client = Script.connected(4);
    client.fastRead(1);
    Result failed = new Result(Result.Outcome.FAILED, io.pbft.client.TestCluster.bytes("E"));
    for (int replica = 0; replica < 3; replica++) {
      client.deliver(replica, new ReadReply(SESSION, 1, 5, failed.digest(), failed, replica));
    }
    assertThat(outcomes(client.all)).containsExactly(new ClientEffect.Completed(1, failed));
  }

  @Test
  void aStatusIsTheWordOfTheReplicaThatWasAsked() {
    Script client = Script.connected(4);
    client.disconnect(2);
    assertThat(queries(client.status(1, 2))).as("not connected").isEmpty();
    assertThat(queries(client.connect(2))).hasSize(1);
    assertThat(client.report(1, 1))
        .containsExactly(refused(Reason.NOT_ASKED_FOR, MessageType.STATUS_REPORT, 1));
    assertThat(only(client.report(2, 1), ClientEffect.StatusReceived.class))
        .extracting(e -> e.report().view())
        .containsExactly(3L);
    assertThat(client.status(2, 4))
        .containsExactly(new ClientEffect.Failed(2, ClientFailure.UNKNOWN_REPLICA));
    client.status(3, 1);
    client.abandon(3);
    assertThat(client.core.operations()).isZero();
  }

  private static List<Integer> asked(List<ClientEffect> effects) {
    return only(effects, ClientEffect.SendRead.class).stream()
        .map(ClientEffect.SendRead::to)
        .toList();
  }

  private static List<ClientEffect.SendStatusQuery> queries(List<ClientEffect> effects) {
    return only(effects, ClientEffect.SendStatusQuery.class);
  }
}
