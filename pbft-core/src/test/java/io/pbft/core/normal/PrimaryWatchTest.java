package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Scene;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 3 watches the primary, replica 0. Its request timeout is 300 ms, so it bears 37 ms. */
@DisplayName("A primary that is slow, but below every timeout (Aardvark, section 5.2)")
class PrimaryWatchTest {
  private static final int JUST_BELOW_THE_TIMEOUT = 290;

  private static final ProtocolConfig CONFIG =
      ProtocolConfig.of(4).toBuilder()
          .logWindow(256)
          .history(0)
          .pipeline(4)
          .clientWindow(300)
          .sessionsPerClient(4)
          .requestTimeoutMillis(300)
          .viewChangeTimeoutMillis(400)
          .viewChangeTimeoutCapMillis(1600)
          .build();

  private Scene backup = Scene.of(3, CONFIG);
  private long next = 1;
  private String padding = "";

  private AuthenticatedRequest op() {
    return backup.signed(request(0, 1, next, "op" + next + padding));
  }

  private Batch batch(AuthenticatedRequest... requests) {
    return new Batch(backup.now(), List.of(requests));
  }

  /** A client asks, and the primary proposes its request so much later. */
  private void orderedAfter(long millis) {
    AuthenticatedRequest op = op();
    backup.fromClient(op).pass(millis).ordered(next++, batch(op));
  }

  /** Whether it leaves together with others that say the same. */
  private boolean wantsAnother() {
    return !backup.othersFindThePrimaryLate().status().active();
  }

  @Test
  void aPrimaryThatHoldsEveryRequestBackIsReplaced() {
    orderedAfter(JUST_BELOW_THE_TIMEOUT);
    orderedAfter(JUST_BELOW_THE_TIMEOUT);
    assertThat(wantsAnother()).as("twice the timeout is borne").isFalse();
    AuthenticatedRequest op = op();
    backup.fromClient(op).pass(JUST_BELOW_THE_TIMEOUT).prePrepare(next, batch(op));
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
    assertThat(backup.observed(Observation.ViewChangeStarted.class).get(0).cause())
        .contains("slow");
  }

  @Test
  @DisplayName("It says so and stays: everything is late where a replica itself is")
  void oneAloneComplainsAndGoesOnVoting() {
    for (int i = 0; i < 3; i++) {
      orderedAfter(JUST_BELOW_THE_TIMEOUT);
    }
    assertThat(backup.status().active()).isTrue();
    assertThat(backup.fire(TimerKind.STATUS).broadcast(Status.class))
        .last()
        .satisfies(s -> assertThat(s.complaint()).isEqualTo(Complaint.PRIMARY_LATE));
  }

  @Test
  void aPromptPrimaryIsNeverSuspected() {
    for (int i = 0; i < 200; i++) {
      orderedAfter(30);
    }
    assertThat(wantsAnother()).isFalse();
  }

  @Test
  @DisplayName("Good while probed, slow otherwise (P31): a tenth of the time is forgiven, not more")
  void aPrimaryThatIsSlowNowAndThenIsReplaced() {
    int rounds = 0;
    while (!wantsAnother() && rounds < 20) {
      rounds++;
      AuthenticatedRequest op = op();
      backup.fromClient(op).pass(JUST_BELOW_THE_TIMEOUT).prePrepare(next, batch(op));
      if (!wantsAnother()) {
        backup.prepares(next, batch(op).digest(), 1, 2);
        next++;
        backup.pass(JUST_BELOW_THE_TIMEOUT);
      }
    }
    assertThat(rounds).isBetween(3, 6);
  }

  @Test
  void rareDelaysAreForgiven() {
    for (int i = 0; i < 20; i++) {
      orderedAfter(JUST_BELOW_THE_TIMEOUT);
      backup.pass(4_000);
    }
    assertThat(wantsAnother()).isFalse();
  }

  @Test
  @DisplayName("A request that was first seen in its proposal says nothing about the primary")
  void whatTheBackupDidNotWaitForDoesNotCount() {
    for (int i = 0; i < 20; i++) {
      backup.pass(JUST_BELOW_THE_TIMEOUT).ordered(next, batch(op()));
      next++;
    }
    assertThat(wantsAnother()).isFalse();
  }

  /** Fourteen requests wait; two proposals of one request each are under way, for 1.2 s. */
  private void underLoad() {
    List<Batch> waiting = new ArrayList<>();
    for (next = 1; next <= 14; next++) {
      backup.fromClient(op());
      waiting.add(batch(op()));
    }
    backup.prePrepare(1, waiting.get(0)).prePrepare(2, waiting.get(1));
    for (int s = 1; s <= 12; s++) {
      backup.pass(100);
      commits(s, waiting.get(s - 1));
      backup.prePrepare(s + 2, waiting.get(s + 1));
    }
  }

  @Test
  @DisplayName("Requests that wait because the pipeline is full are nobody's fault")
  void loadIsNotSlowness() {
    Limits one = new Limits(8 << 20, 1 << 20, 1 << 20, 1, 2 << 20);
    backup = Scene.of(3, CONFIG.toBuilder().limits(one).build());
    underLoad();
    assertThat(backup.executed()).hasSize(12);
    assertThat(wantsAnother()).isFalse();
  }

  @Test
  @DisplayName("Batches of one although many wait fill the pipeline, and are no excuse (P17)")
  void aPipelineFilledWithThinBatchesIsSlow() {
    underLoad();
    assertThat(wantsAnother()).isTrue();
  }

  @Test
  @DisplayName("Of the largest requests two fill a batch, nearly: one is not thin")
  void batchesOfFewLargeRequestsAreAnExcuse() {
    padding = "x".repeat(1_000_000);
    underLoad();
    assertThat(backup.executed()).hasSize(12);
    assertThat(wantsAnother()).isFalse();
  }

  /** One waits for 290 ms, three times; every 20 others come, and are executed at once. */
  private void whileOthersCome(String operation) {
    long others = 1;
    for (int i = 0; i < 3; i++) {
      AuthenticatedRequest op = op();
      backup.fromClient(op);
      for (int other = 0; other < 14; other++) {
        AuthenticatedRequest its = backup.signed(request(1, 1, others, operation));
        backup.pass(20).ordered(next + others - 1, batch(its));
        others++;
      }
      backup.pass(10).ordered(next + others - 1, batch(op));
      next++;
    }
  }

  @Test
  @DisplayName("A megabyte takes a while from the primary to here, and nothing shows on the way")
  void largeRequestsThatComeMeanwhileAreAnExcuse() {
    whileOthersCome("x".repeat(1_000_000));
    assertThat(wantsAnother()).isFalse();
  }

  @Test
  void smallRequestsThatComeMeanwhileAreNone() {
    whileOthersCome("x");
    assertThat(wantsAnother()).isTrue();
  }

  @Test
  @DisplayName("A primary whose log is full waits for a checkpoint: that is not its fault")
  void waitingForACheckpointIsNotSlowness() {
    backup = Scene.of(3, CONFIG.toBuilder().checkpointInterval(4).build());
    for (int i = 0; i < 6; i++) {
      for (int s = 1; s < 4; s++) {
        orderedAfter(0);
      }
      orderedAfter(0);
      Checkpoint own = backup.broadcast(Checkpoint.class).get(0);
      backup.fromClient(op()).pass(JUST_BELOW_THE_TIMEOUT).agreesOn(own);
    }
    assertThat(wantsAnother()).isFalse();
  }

  @Test
  @DisplayName("Null batches while a request waits are no excuse")
  void nullBatchesAreSlowness() {
    for (int i = 1; i <= 4 && !wantsAnother(); i++) {
      AuthenticatedRequest op = backup.signed(request(0, 1, i, "waits"));
      backup.fromClient(op);
      for (int s = 0; s < 10; s++) {
        backup.pass(JUST_BELOW_THE_TIMEOUT / 10).prePrepare(next, Batch.NULL);
        commits(next++, Batch.NULL);
      }
      backup.prePrepare(next, batch(op));
      if (!wantsAnother()) {
        commits(next++, batch(op));
      }
    }
    assertThat(wantsAnother()).isTrue();
  }

  private void commits(long sequence, Batch batch) {
    backup.prepares(sequence, batch.digest(), 1, 2).commits(sequence, batch.digest(), 0, 1, 2);
  }

  @Test
  @DisplayName("A gap before a proposal holds it up like a delay (P30)")
  void aProposalBehindAGapIsLate() {
    for (int i = 0; i < 3 && !wantsAnother(); i++) {
      AuthenticatedRequest first = op();
      next++;
      AuthenticatedRequest second = op();
      next++;
      Batch one = batch(first);
      Batch two = batch(second);
      backup.fromClient(first).fromClient(second);
      backup.prePrepare(next - 1, two);
      backup.pass(JUST_BELOW_THE_TIMEOUT).prePrepare(next - 2, one);
      if (!wantsAnother()) {
        commits(next - 2, one);
        commits(next - 1, two);
      }
    }
    assertThat(wantsAnother()).isTrue();
  }

  @Test
  void aNewPrimaryOwesNothing() {
    orderedAfter(JUST_BELOW_THE_TIMEOUT);
    orderedAfter(JUST_BELOW_THE_TIMEOUT);
    backup.entersView(1);
    AuthenticatedRequest op = backup.signed(request(1, 1, 1, "x"));
    backup.fromClient(op).pass(JUST_BELOW_THE_TIMEOUT).prePrepare(3, batch(op));
    assertThat(wantsAnother()).isFalse();
  }

  @Test
  void aFloorOfZeroBearsWithAll() {
    backup = Scene.of(3, CONFIG.toBuilder().performanceFloor(0).build());
    for (int i = 0; i < 10; i++) {
      orderedAfter(JUST_BELOW_THE_TIMEOUT);
    }
    assertThat(wantsAnother()).isFalse();
  }
}
