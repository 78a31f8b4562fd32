package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 1 of 4 is a backup in view 0, replica 0 the primary; a quorum is 3. */
@DisplayName("The three phases (OSDI'99, section 4.2)")
class NormalCaseTest {
  /** Requests that fill the pipeline of four, coming one by one: batches of one, one, two, four. */
  private static final int FILLING = 8;

  private final Scene backup = Scene.of(1);
  private final Batch batch = backup.batch(request(0, 1, 1, "a"));

  @Test
  void anIdlePrimaryProposesALoneRequestAtOnce() {
    Scene primary = Scene.of(0);
    primary.fromClient(primary.signed(request(0, 1, 1, "a")));
    assertThat(primary.broadcast(PrePrepare.class))
        .singleElement()
        .satisfies(p -> assertThat(p.sequence()).isEqualTo(1))
        .satisfies(p -> assertThat(p.digest()).isEqualTo(p.batch().digest()));
  }

  @Test
  void thePrimarySendsNoPrepare() {
    Scene primary = Scene.of(0);
    primary.fromClient(primary.signed(request(0, 1, 1, "a")));
    assertThat(primary.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  void aBusyPrimaryPipelinesAndGathersTheRestIntoOneBatch() {
    Scene primary = Scene.of(0);
    for (int i = 0; i < FILLING; i++) {
      primary.fromClient(primary.signed(request(i % 2, 1 + i / 2, 1, "in flight")));
    }
    for (int timestamp = 1; timestamp < FILLING; timestamp++) {
      primary.fromClient(primary.signed(request(2, 1, timestamp, "waits")));
      assertThat(primary.broadcast(PrePrepare.class)).as("the pipeline is full").isEmpty();
    }
    Batch first = primary.batch(request(0, 1, 1, "in flight"));
    primary.prepares(1, first.digest(), 1, 2).commits(1, first.digest(), 1, 2);
    assertThat(primary.broadcast(PrePrepare.class))
        .singleElement()
        .satisfies(p -> assertThat(p.batch().requests()).hasSize(FILLING - 1));
  }

  @Test
  @DisplayName("The others may be ahead of the primary, and a client that they answered goes on")
  void thePrimaryHasRoomForAWindowBeyondWhatItHasProposed() {
    Scene primary = Scene.of(0);
    int window = primary.config().clientWindow();
    for (int timestamp = 1; timestamp <= window + FILLING; timestamp++) {
      primary.fromClient(primary.signed(request(0, 1, timestamp, "a")));
      assertThat(primary.refused()).as("request %d", timestamp).isEmpty();
    }
    primary.fromClient(primary.signed(request(0, 1, window + FILLING + 1, "a")));
    assertThat(primary.refused()).containsExactly(Reason.CLIENT_THROTTLED);
  }

  @Test
  void aBackupPreparesWhatThePrimaryProposes() {
    backup.prePrepare(1, batch);
    assertThat(backup.broadcast(Prepare.class))
        .containsExactly(new Prepare(0, 1, batch.digest(), 1));
    assertThat(backup.status().logSize()).isEqualTo(1);
  }

  @Test
  void aPrePrepareFromAnotherThanThePrimaryIsRefused() {
    backup.from(2, new PrePrepare(0, 1, batch.digest(), batch, 2));
    assertThat(backup.refused()).containsExactly(Reason.NOT_PRIMARY);
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  void aPrePrepareOfAnotherViewIsPassedOver() {
    backup.from(2, new PrePrepare(2, 1, batch.digest(), batch, 2));
    assertThat(backup.deferred()).containsExactly(Reason.WRONG_VIEW);
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  @DisplayName("h < s <= h+L: s = 0 and s = L+1 are outside, s = L is inside")
  void aSequenceNumberOutsideTheWatermarksIsPassedOver() {
    backup.prePrepare(0, batch);
    assertThat(backup.deferred()).as("perhaps only late").containsExactly(Reason.OUT_OF_WINDOW);
    backup.prePrepare(9, batch);
    assertThat(backup.deferred()).as("h may lag here").containsExactly(Reason.OUT_OF_WINDOW);
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
    backup.prePrepare(8, batch);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void votesOutsideTheWatermarksLeaveNothingBehind() {
    backup.from(2, new Prepare(0, 9, batch.digest(), 2));
    assertThat(backup.deferred()).containsExactly(Reason.OUT_OF_WINDOW);
    backup.from(2, new Commit(0, 1L << 60, batch.digest(), 2));
    assertThat(backup.deferred()).containsExactly(Reason.OUT_OF_WINDOW);
    assertThat(backup.status().logSize()).isZero();
  }

  @Test
  void aSecondDigestForOneSequenceNumberIsRefusedAndReported() {
    backup.prePrepare(1, batch);
    Batch other = backup.batch(request(1, 1, 1, "b"));
    backup.prePrepare(1, other);
    assertThat(backup.refused()).containsExactly(Reason.CONFLICTING_PREPREPARE);
    assertThat(backup.observed(Observation.Equivocation.class))
        .containsExactly(new Observation.Equivocation(0, 0, 1));
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  @DisplayName("The digest is computed from the body, not believed (FISCO#2448)")
  void aDigestThatIsNotTheBodysIsRefused() {
    Batch other = backup.batch(request(1, 1, 1, "b"));
    backup.from(0, new PrePrepare(0, 1, other.digest(), batch, 0));
    assertThat(backup.refused()).containsExactly(Reason.BAD_DIGEST);
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  @DisplayName(
      "prepared: the pre-prepare and q-1 = 2 prepares from others than the primary, own one counts")
  void theSecondPrepareMakesTheBatchPrepared() {
    backup.prePrepare(1, batch);
    assertThat(backup.broadcast(Commit.class)).isEmpty();
    backup.prepares(1, batch.digest(), 2);
    assertThat(backup.broadcast(Commit.class)).containsExactly(new Commit(0, 1, batch.digest(), 1));
  }

  @Test
  void aPrepareOfThePrimaryIsIgnored() {
    backup.prePrepare(1, batch).prepares(1, batch.digest(), 0);
    assertThat(backup.refused()).containsExactly(Reason.PRIMARY_PREPARE);
    assertThat(backup.broadcast(Commit.class)).isEmpty();
  }

  @Test
  @DisplayName("Votes count by sender, not by message (Themis, Besu#1736)")
  void theSamePrepareTwiceCountsOnce() {
    Scene third = Scene.of(1, Scene.config(7));
    third.prePrepare(1, batch).prepares(1, batch.digest(), 2, 3, 3, 3, 3);
    assertThat(third.deferred()).containsExactly(Reason.DUPLICATE_VOTE);
    assertThat(third.status().lastExecuted()).isZero();
    third.prepares(1, batch.digest(), 4);
    assertThat(third.broadcast(Commit.class)).as("1, 2, 3 and 4 of the 4 needed").hasSize(1);
  }

  @Test
  void theSameCommitTwiceCountsOnce() {
    backup.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    backup.commits(1, batch.digest(), 2, 2, 2);
    assertThat(backup.deferred()).containsExactly(Reason.DUPLICATE_VOTE);
    assertThat(backup.executed()).isEmpty();
    backup.commits(1, batch.digest(), 3);
    assertThat(backup.executed()).containsExactly("a");
  }

  @Test
  void aSecondDifferentVoteIsRefusedAndTheFirstStands() {
    Batch other = backup.batch(request(1, 1, 1, "b"));
    backup.prepares(1, other.digest(), 2).prepares(1, batch.digest(), 2);
    assertThat(backup.refused()).containsExactly(Reason.CONFLICTING_VOTE);
    assertThat(backup.observed(Observation.Equivocation.class))
        .containsExactly(new Observation.Equivocation(2, 0, 1));
    backup.prePrepare(1, batch);
    assertThat(backup.broadcast(Commit.class)).isEmpty();
  }

  @Test
  void votesForAnotherDigestDoNotCount() {
    Batch other = backup.batch(request(1, 1, 1, "b"));
    backup.prePrepare(1, batch).prepares(1, other.digest(), 2, 3);
    assertThat(backup.refused()).containsExactly(Reason.DIGEST_MISMATCH);
    assertThat(backup.broadcast(Commit.class)).isEmpty();
  }

  @Test
  void votesThatOvertakeThePrePrepareCountOnceItIsHere() {
    backup.prepares(1, batch.digest(), 2, 3).commits(1, batch.digest(), 2, 3);
    assertThat(backup.executed()).isEmpty();
    backup.prePrepare(1, batch);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
    assertThat(backup.broadcast(Commit.class)).hasSize(1);
    assertThat(backup.executed()).containsExactly("a");
  }

  @Test
  @DisplayName("committed-local: prepared and q = 3 commits, own one counts")
  void commitsWithoutPreparedDecideNothing() {
    backup.prePrepare(1, batch).commits(1, batch.digest(), 0, 2, 3);
    assertThat(backup.executed()).isEmpty();
    backup.prepares(1, batch.digest(), 2);
    assertThat(backup.observed(Observation.CommittedLocal.class)).hasSize(1);
    assertThat(backup.executed()).containsExactly("a");
  }

  @Test
  void eachStepIsTakenOnceHoweverManyVotesFollow() {
    backup.ordered(1, batch);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
    assertThat(backup.broadcast(Commit.class)).hasSize(1);
    assertThat(backup.effects(Effect.Execute.class)).hasSize(1);
  }

  @Test
  @DisplayName("Every vote's fact is on disk first: Persist comes before the message")
  void factsArePersistedBeforeTheVotesThatTellThem() {
    backup.prePrepare(1, batch);
    assertThat(withoutObservations(backup))
        .startsWith(
            new Effect.Persist(new LogRecord.PrePrepared(0, 1, persistedBatch())),
            new Effect.Broadcast(new Prepare(0, 1, batch.digest(), 1)));
    backup.prepares(1, batch.digest(), 2);
    assertThat(withoutObservations(backup))
        .containsExactly(
            new Effect.Persist(new LogRecord.Prepared(0, 1, batch.digest())),
            new Effect.Broadcast(new Commit(0, 1, batch.digest(), 1)));
  }

  /** The decoded copy: batches have no equals, and need none. */
  private Batch persistedBatch() {
    return backup.effects(Effect.Persist.class).stream()
        .map(persist -> ((LogRecord.PrePrepared) persist.record()).batch())
        .findFirst()
        .orElseThrow();
  }

  private static List<Effect> withoutObservations(Scene scene) {
    return scene.effects().stream().filter(e -> !(e instanceof Effect.Observe)).toList();
  }

  @Test
  void aBackupForwardsItsClientsRequestToThePrimary() {
    backup.fromClient(backup.signed(request(0, 1, 1, "a")));
    assertThat(backup.sentTo(0, RequestMessage.class)).hasSize(1);
  }

  @Test
  void aForwardedRequestIsNotForwardedAgain() {
    backup.forwarded(2, backup.signed(request(0, 1, 1, "a")));
    assertThat(backup.effects(Effect.Send.class)).isEmpty();
  }

  @Test
  void thePrimaryStopsProposingAtTheHighWatermark() {
    Scene primary = Scene.of(0).orderedUpTo(8);
    assertThat(primary.executed()).hasSize(8);
    primary.fromClient(primary.signed(request(0, 1, 9, "a")));
    assertThat(primary.broadcast(PrePrepare.class)).isEmpty();
    primary.stable(4);
    assertThat(primary.proposed()).containsExactly("a");
  }

  @Test
  @DisplayName("A correct primary is not blamed for a proposal that was executed on others' claims")
  void aLateProposalOfWhatWasDecidedIsGood() {
    backup.claims(1, batch.digest(), 1, 2).body(1, 1, batch);
    assertThat(backup.status().lastExecuted()).isEqualTo(1);
    backup.prePrepare(1, batch);
    assertThat(backup.refused()).isEmpty();
    assertThat(backup.broadcast(Prepare.class)).as("others may need the vote").hasSize(1);
  }

  @Test
  @DisplayName("What a client sends again is noticed, whether it waits or has been executed")
  void aClientsRepetitionsAreNoticed() {
    Scene backup = Scene.of(1);
    AuthenticatedRequest signed = backup.signed(request(0, 1, 1, "a"));
    assertThat(backup.fromClient(signed).observed(Observation.Repeated.class)).isEmpty();
    assertThat(backup.fromClient(signed).observed(Observation.Repeated.class)).hasSize(1);
    assertThat(backup.forwarded(2, signed).observed(Observation.Repeated.class)).isEmpty();
    backup.ordered(1, backup.batch(request(0, 1, 1, "a")));
    assertThat(backup.fromClient(signed).observed(Observation.Repeated.class)).hasSize(1);
  }
}
