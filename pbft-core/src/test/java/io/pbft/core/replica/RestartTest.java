package io.pbft.core.replica;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Digest;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A replica that forgets what it voted for is a traitor (PROTOCOL: Restart)")
class RestartTest {
  private final Scene before = Scene.of(1);
  private final Batch batch = before.batch(request(0, 1, 1, "a"));
  private final Batch other = before.batch(request(1, 1, 1, "b"));

  @Test
  @DisplayName("Certificates: never two different prepares for one (v, s), also across restarts")
  void whatWasPreparedBeforeTheCrashIsNotContradicted() {
    before.prePrepare(1, batch);
    Scene after = before.restarted().prePrepare(1, other);
    assertThat(after.refused()).containsExactly(Reason.CONFLICTING_PREPREPARE);
    assertThat(after.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  @DisplayName(
      "At whatever record the crash came: no vote that left can be contradicted (celo#396)")
  void aCrashInMidRoundLosesNoVoteThatHadLeft() {
    before.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    int records = before.journal().size();
    assertThat(records).isEqualTo(2);
    for (int kept = 1; kept <= records; kept++) {
      Scene after = before.restarted(kept);
      after
          .from(2, new Prepare(0, 1, other.digest(), 2))
          .from(3, new Prepare(0, 1, other.digest(), 3));
      after.prePrepare(1, other);
      assertThat(after.refused()).containsExactly(Reason.CONFLICTING_PREPREPARE);
      assertThat(after.broadcast(Prepare.class)).isEmpty();
      assertThat(after.broadcast(Commit.class)).isEmpty();
    }
  }

  @Test
  void theViewChangeStillTellsWhatHadPrepared() {
    before.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    Scene after = before.restarted();
    after.from(2, Changes.fresh(1, 2)).from(3, Changes.fresh(1, 3));
    ViewChange said = after.broadcast(ViewChange.class).get(0);
    ViewChange.Entry entry = new ViewChange.Entry(1, batch.digest(), 0);
    assertThat(said.prepared()).containsExactly(entry);
    assertThat(said.prePrepared()).containsExactly(entry);
  }

  @Test
  void aViewThatWasLeftStaysLeft() {
    Scene left = Scene.of(3);
    left.from(1, Changes.fresh(1, 1)).from(2, Changes.fresh(1, 2));
    Scene after = left.restarted();
    assertThat(after.view()).isEqualTo(1);
    assertThat(after.status().active()).isFalse();
    after.from(0, new PrePrepare(0, 1, batch.digest(), batch, 0));
    assertThat(after.broadcast(Prepare.class)).isEmpty();
    after.fire(TimerKind.STATUS);
    assertThat(after.sentTo(0, ViewChange.class)).hasSize(1);
  }

  @Test
  void aViewThatWasEnteredIsTakenUpAgain() {
    Scene after = Scene.of(3).entersView(2).restarted();
    assertThat(after.view()).isEqualTo(2);
    assertThat(after.status().active()).isTrue();
    after.prePrepare(1, batch);
    assertThat(after.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void aPrimaryDoesNotAssignASequenceNumberTwice() {
    Scene primary = Scene.of(0);
    primary.fromClient(primary.signed(request(0, 1, 1, "a")));
    Scene after = primary.restarted();
    after.fromClient(after.signed(request(1, 1, 1, "b")));
    assertThat(after.broadcast(PrePrepare.class))
        .extracting(PrePrepare::sequence)
        .containsExactly(2L);
  }

  @Test
  @DisplayName("Durability: what was executed is in the state again, from the snapshot and the log")
  void aRestartedReplicaExecutesOnFromItsSnapshot() {
    before.orderedUpTo(6).stable(4);
    Scene after = before.restarted();
    assertThat(after.status().lastExecuted()).isEqualTo(4);
    assertThat(after.status().stableCheckpoint()).isEqualTo(4);
    List<Digest> claims = List.of(after.batchOf(5).digest(), after.batchOf(6).digest());
    after.claimsAll(5, claims, 0, 2);
    assertThat(after.executed()).as("the bodies were in the journal").hasSize(6);
  }

  @Test
  void aStableCheckpointWithoutItsStateIsFetched() {
    before.orderedUpTo(4).stable(4);
    Scene after = before.restartedWithoutSnapshot();
    assertThat(after.status().stableCheckpoint()).isEqualTo(4);
    assertThat(after.status().lastExecuted()).isZero();
    assertThat(after.sent(FetchChunks.class)).hasSize(1);
  }

  @Test
  @DisplayName(
      "A CHECKPOINT that was lost in the crash is sent again: others may wait for this one")
  void itsCheckpointsAreRepeatedByTheNextLife() {
    Status stuck = answer(4, 0, 2);
    Scene after = before.orderedUpTo(4).restarted().from(2, stuck).from(2, stuck);
    Scene third = Scene.of(3).orderedUpTo(4).from(2, stuck).from(2, stuck);

    Scene waiting = Scene.of(2).orderedUpTo(4);
    waiting.from(1, after.sentTo(2, Relay.class).get(0));
    waiting.from(3, third.sentTo(2, Relay.class).get(0));
    assertThat(waiting.status().stableCheckpoint()).isEqualTo(4);
  }

  // Without a disk

  private static Status answer(long executed, long nonce, int replica) {
    return new Status(0, true, 0, executed, nonce, replica);
  }

  @Test
  @DisplayName("Without its memory it votes on nothing, and asks for nothing")
  void anAmnesiacCastsNoVote() {
    Scene lost = Scene.amnesiac(1).ordered(1, batch);
    assertThat(lost.broadcast(Prepare.class)).isEmpty();
    assertThat(lost.broadcast(Commit.class)).isEmpty();
    assertThat(lost.executed()).as("but it executes").containsExactly("a");
    lost.from(2, Changes.fresh(1, 2)).from(3, Changes.fresh(1, 3));
    assertThat(lost.broadcast(ViewChange.class)).isEmpty();
    for (long t = 2; t <= 4; t++) {
      lost.ordered(t, lost.batch(request(0, 1, t, "b")));
    }
    assertThat(lost.executed()).hasSize(4);
    assertThat(lost.broadcast(Checkpoint.class)).isEmpty();
  }

  @Test
  @DisplayName("Certificates: never two different view-changes for one view, memory or not")
  void anAmnesiacStandsByTheViewChangeThatOthersHold() {
    ViewChange said = Changes.fresh(1, 1);
    Scene other = Scene.of(2).from(1, said);

    Scene lost = Scene.amnesiac(1);
    other.from(1, new Status(0, true, 0, 0, lost.nonce(), 1));
    lost.from(2, other.sentTo(1, Relay.class).get(0));
    assertThat(lost.view()).isEqualTo(said.view());
    assertThat(lost.status().active()).isFalse();
    lost.fire(TimerKind.STATUS);
    assertThat(lost.sentTo(3, ViewChange.class)).containsExactly(said);
  }

  @Test
  @DisplayName(
      "Recovery estimation (TOCS, section 4.3.2): it votes after checkpoint x+L is stable, x the highest claim")
  void anAmnesiacVotesAgainBeyondWhatItMayHaveVotedFor() {
    Scene lost = Scene.amnesiac(1);
    long nonce = lost.nonce();
    lost.from(0, answer(0, nonce, 0)).from(2, answer(1, nonce, 2)).from(3, answer(0, nonce, 3));
    assertThat(lost.status().waitingFor()).contains("after checkpoint 9");
    lost.orderedUpTo(4).stable(4).orderedUpTo(8).stable(8);
    lost.prePrepare(9, lost.batchOf(9));
    assertThat(lost.broadcast(Prepare.class)).isEmpty();
    lost.orderedUpTo(12).stable(12);
    lost.prePrepare(13, lost.batchOf(13));
    assertThat(lost.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void anAmnesiacNeedsTheAnswerOfEveryOther() {
    Scene lost = Scene.amnesiac(1);
    long nonce = lost.nonce();
    lost.from(0, answer(0, nonce, 0)).from(2, answer(0, nonce, 2)).from(2, answer(0, nonce, 2));
    assertThat(lost.status().waitingFor()).contains("every replica");
    lost.from(3, answer(0, nonce + 1, 3));
    assertThat(lost.status().waitingFor()).as("an answer to an earlier life").contains("every");
    lost.from(3, answer(0, nonce, 3));
    assertThat(lost.status().waitingFor()).contains("after checkpoint 8");
  }

  @Test
  @DisplayName("Whatever else it waits for, it says that it does not vote: one less may fail now")
  void anAmnesiacSaysThatItDoesNotVoteAlsoWhileItFetches() {
    Scene lost = Scene.amnesiac(1);
    long nonce = lost.nonce();
    lost.from(0, answer(0, nonce, 0)).from(2, answer(12, nonce, 2)).from(3, answer(12, nonce, 3));
    Honest honest = new Honest(lost.config(), 12);
    for (int i : new int[] {0, 2}) {
      lost.from(i, honest.checkpoint(12, i));
    }
    assertThat(lost.status().waitingFor())
        .isEqualTo(
            "restarted without its votes: votes again after checkpoint 20;"
                + " fetching the state of checkpoint 12");
    honest.serve(lost, 0, 2);
    assertThat(lost.status().lastExecuted()).isEqualTo(12);
    assertThat(lost.status().waitingFor()).contains("votes again after checkpoint 20");
  }

  @Test
  void whoIsAskedWithANonceAnswersWithIt() {
    before.orderedUpTo(2).from(3, answer(0, 77, 3));
    assertThat(before.sentTo(3, Status.class)).containsExactly(answer(2, 77, 1));
  }
}
