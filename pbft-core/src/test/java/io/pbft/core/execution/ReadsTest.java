package io.pbft.core.execution;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pbft.core.Effect;
import io.pbft.core.message.Batch;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Principal;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Unordered reads (OSDI'99, section 5.1.3; the trap: Berger et al., SRDS 2021)")
class ReadsTest {
  private final Scene replica = Scene.of(1);
  private final Batch write = replica.batch(request(0, 1, 1, "write"));

  private static Scene read(Scene scene, boolean fast) {
    return read(scene, fast, 1);
  }

  private static Scene read(Scene scene, boolean fast, int bytes) {
    return read(scene, 2, fast, bytes);
  }

  private static Scene read(Scene scene, int client, boolean fast, int bytes) {
    ReadRequest read = new ReadRequest(client, 1, 1, fast, new byte[bytes]);
    byte[] payload = scene.peers().sealer(0).payload(read);
    return scene.deliver(Peers.verified(scene.door(), Principal.client(client), payload));
  }

  private static int queries(Scene scene) {
    return scene.effects(Effect.Query.class).size();
  }

  @Test
  void aStaleReadIsAnsweredAtOnce() {
    replica.prePrepare(1, write).prepares(1, write.digest(), 2);
    assertThat(queries(read(replica, false))).isEqualTo(1);
  }

  @Test
  void aFastReadIsAnsweredAtOnceWhereNothingIsUnderWay() {
    assertThat(queries(read(replica, true))).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "A fast read waits for everything that had prepared here: a client may have seen it acknowledged")
  void aFastReadWaitsForWhatHasPrepared() {
    replica.prePrepare(1, write).prepares(1, write.digest(), 2);
    assertThat(queries(read(replica, true))).isZero();
    replica.commits(1, write.digest(), 2, 3);
    assertThat(queries(replica)).isEqualTo(1);
    assertThat(replica.executed()).containsExactly("write");
  }

  @Test
  void theAnswerComesAfterTheExecutionAndNotWithItsBeginning() {
    replica.prePrepare(1, write).prepares(1, write.digest(), 2);
    read(replica, true);
    replica.hold().commits(1, write.digest(), 2, 3);
    assertThat(queries(replica)).isZero();
    assertThat(queries(replica.release())).isEqualTo(1);
  }

  @Test
  void whatIsOnlyProposedIsNotWaitedFor() {
    replica.prePrepare(1, write);
    assertThat(queries(read(replica, true))).isEqualTo(1);
  }

  @Test
  @DisplayName("A new view may have chosen otherwise: who waits is told so, and asks in order")
  void aNewViewRefusesWaitingReads() {
    replica.prePrepare(1, write).prepares(1, write.digest(), 2);
    read(replica, true);
    replica.entersView(2);
    assertThat(replica.effects(Effect.Answer.class))
        .extracting(Effect.Answer::client, answer -> ((ReadReply) answer.message()).isRefusal())
        .containsExactly(tuple(2, true));
    replica.ordered(1, replica.batch(request(1, 1, 1, "other")));
    assertThat(replica.executed()).containsExactly("other");
    assertThat(queries(replica)).isZero();
  }

  @Test
  void aReplicaWithoutItsMemoryAnswersNoFastRead() {
    Scene lost = Scene.amnesiac(1);
    assertThat(queries(read(lost, true))).isZero();
    assertThat(lost.refused()).containsExactly(Reason.CLIENT_THROTTLED);
    assertThat(queries(read(lost, false))).isEqualTo(1);
  }

  @Test
  @DisplayName("What waits is bounded in bytes: further fast reads are refused, and asked in order")
  void aFloodOfLargeReadsIsRefused() {
    replica.prePrepare(1, write).prepares(1, write.digest(), 2);
    int megabyte = 1 << 20;
    for (int i = 0; i < 16; i++) {
      assertThat(read(replica, true, megabyte).refused()).isEmpty();
    }
    assertThat(read(replica, true, megabyte).refused()).containsExactly(Reason.CLIENT_THROTTLED);
    replica.commits(1, write.digest(), 2, 3);
    assertThat(queries(replica)).isEqualTo(16);
    assertThat(read(replica, true, megabyte).refused()).isEmpty();
  }

  @Test
  @DisplayName("Who floods with reads takes no room from who has less than an equal share of it")
  void aFloodOfReadsLeavesOthersTheirs() {
    replica.prePrepare(1, write).prepares(1, write.digest(), 2);
    int flood = 0;
    while (read(replica, true).refused().isEmpty()) {
      flood++;
    }
    int others = 0;
    while (read(replica, 1, true, 1).refused().isEmpty()) {
      others++;
    }
    assertThat(others).isEqualTo(flood / 2);
    replica.commits(1, write.digest(), 2, 3);
    assertThat(queries(replica)).isEqualTo(flood + others);
    replica.prePrepare(2, replica.batch(request(0, 1, 2, "next")));
    replica.prepares(2, replica.batch(request(0, 1, 2, "next")).digest(), 2);
    assertThat(read(replica, true).refused()).as("all have given their room back").isEmpty();
  }

  @Test
  @DisplayName("Who is refused hears so, and need not wait for a timeout")
  void aRefusalIsAnswered() {
    Scene lost = Scene.amnesiac(1);
    read(lost, true);
    assertThat(lost.effects(Effect.Answer.class))
        .extracting(Effect.Answer::client, answer -> ((ReadReply) answer.message()).isRefusal())
        .containsExactly(tuple(2, true));
  }

  @Test
  @DisplayName("Long reads of who has had its share, beside others' requests, are refused")
  void longReadsHaveAShare() {
    int length = 2 * ReadShare.MOST_SAVED;
    for (int i = 0; i < 3; i++) {
      assertThat(queries(read(replica, true, length))).as("alone").isEqualTo(1);
    }
    replica.ordered(1, write);
    assertThat(queries(read(replica, true, length))).as("what it has saved").isEqualTo(1);
    assertThat(read(replica, true, length).refused()).containsExactly(Reason.CLIENT_THROTTLED);
    assertThat(read(replica, false, length).refused()).containsExactly(Reason.CLIENT_THROTTLED);
    assertThat(queries(read(replica, true))).as("a short one").isEqualTo(1);
    replica.pass(ReadShare.COMPETES_MILLIS);
    assertThat(queries(read(replica, true, length))).as("alone again").isEqualTo(1);
  }
}
