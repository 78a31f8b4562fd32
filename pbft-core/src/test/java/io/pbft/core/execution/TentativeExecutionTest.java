package io.pbft.core.execution;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Reply;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Peers;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 1 of 4 with K = 4 and L = 8; checkpoint 4 is stable. */
@DisplayName("Tentative execution (OSDI'99, section 5.1)")
class TentativeExecutionTest {
  private static final ProtocolConfig CONFIG =
      Scene.config(4).toBuilder().tentativeExecution(true).build();

  private final Scene backup = atCheckpoint(1);
  private final Batch fifth = backup.batchOf(5);

  private static Scene atCheckpoint(int id) {
    return Scene.of(id, CONFIG).orderedUpTo(4).stable(4);
  }

  private static Scene prepared(Scene scene, long sequence) {
    Batch batch = scene.batchOf(sequence);
    return scene.prePrepare(sequence, batch).prepares(sequence, batch.digest(), 2);
  }

  private static List<ReplicaMessage> broadcasts(Scene scene) {
    return scene.effects(Effect.Broadcast.class).stream().map(Effect.Broadcast::message).toList();
  }

  private static Commit commit(long sequence, Scene by) {
    return new Commit(0, sequence, by.batchOf(sequence).digest(), by.id());
  }

  @Test
  @DisplayName("A batch that has prepared, and follows nothing undecided, is executed and answered")
  void whatHasPreparedIsExecuted() {
    prepared(backup, 5);
    assertThat(backup.executed()).endsWith("op4", "op5");
    assertThat(backup.replies())
        .singleElement()
        .satisfies(
            reply -> {
              assertThat(reply.tentative()).isEqualTo(5);
              assertThat(reply.view()).isZero();
            });
    assertThat(backup.status().lastExecuted()).as("what is decided").isEqualTo(4);
  }

  @Test
  @DisplayName("That it has prepared is on disk before anybody is answered")
  void theFactIsPersistedFirst() {
    List<Effect> effects = prepared(backup, 5).effects();
    int fact = effects.indexOf(new Effect.Persist(new LogRecord.Prepared(0, 5, fifth.digest())));
    int answer = effects.indexOf(backup.effects(Effect.Answer.class).get(0));
    assertThat(fact).isNotNegative().isLessThan(answer);
  }

  @Test
  void itsCommitGoesWithTheNextPrepare() {
    prepared(backup, 5);
    assertThat(backup.broadcast(Commit.class)).isEmpty();
    backup.prePrepare(6, backup.batchOf(6));
    assertThat(broadcasts(backup))
        .containsExactly(
            commit(5, backup), new Prepare(0, 6, backup.batchOf(6).digest(), backup.id()));
  }

  @Test
  void aPrimarysCommitGoesWithItsNextProposal() {
    Scene primary = Scene.of(0, CONFIG).orderedUpTo(4).stable(4);
    primary.fromClient(primary.batchOf(5).requests().get(0));
    Batch mine = primary.broadcast(PrePrepare.class).get(0).batch();
    primary.prepares(5, mine.digest(), 1, 2);
    assertThat(primary.replies()).extracting(Reply::tentative).containsExactly(5L);
    assertThat(primary.broadcast(Commit.class)).isEmpty();
    primary.fromClient(primary.batchOf(6).requests().get(0));
    assertThat(broadcasts(primary))
        .extracting(Object::getClass)
        .containsExactly(Commit.class, PrePrepare.class);
  }

  @Test
  @DisplayName("With nothing to go with it leaves after a moment")
  void itsCommitDoesNotWaitForEver() {
    prepared(backup, 5).fire(TimerKind.COMMIT);
    assertThat(backup.broadcast(Commit.class)).containsExactly(commit(5, backup));
  }

  @Test
  void theTimerIsSetOnceForManyCommits() {
    prepared(backup, 5);
    backup.pass(8).prePrepare(6, backup.batchOf(6));
    backup.commits(5, fifth.digest(), 0, 2).prepares(6, backup.batchOf(6).digest(), 2);
    assertThat(backup.effects(Effect.Arm.class))
        .extracting(Effect.Arm::kind)
        .doesNotContain(TimerKind.COMMIT);
    backup.fire(TimerKind.COMMIT);
    assertThat(backup.broadcast(Commit.class)).as("2 ms old").isEmpty();
    backup.fire(TimerKind.COMMIT);
    assertThat(backup.broadcast(Commit.class)).containsExactly(commit(6, backup));
  }

  @Test
  void whenItIsDecidedItIsNotExecutedAgain() {
    prepared(backup, 5).commits(5, fifth.digest(), 0, 2);
    assertThat(backup.status().lastExecuted()).isEqualTo(5);
    assertThat(backup.executed()).containsExactly("op1", "op2", "op3", "op4", "op5");
  }

  @Test
  @DisplayName("Whose client has not gone on is told that it is final: it may lack a quorum")
  void aFinalReplyFollowsWhereNoneIsAcknowledged() {
    prepared(backup, 5).commits(5, fifth.digest(), 0, 2);
    assertThat(backup.replies()).extracting(Reply::tentative).containsExactly(Reply.FINAL);
  }

  @Test
  void noFinalReplyFollowsOnceTheClientHasTheAnswer() {
    prepared(backup, 5);
    backup.prePrepare(6, backup.batch(request(0, 1, 6, 6, "next")));
    backup.commits(5, fifth.digest(), 0, 2);
    assertThat(backup.status().lastExecuted()).isEqualTo(5);
    assertThat(backup.replies()).isEmpty();
  }

  // When it is not done

  @Test
  void whatFollowsSomethingUndecidedWaits() {
    prepared(prepared(backup, 5), 6);
    assertThat(backup.executed()).endsWith("op5");
    assertThat(backup.broadcast(Commit.class)).containsExactly(commit(6, backup));
  }

  @Test
  @DisplayName("Under load, when more is under way, everything goes as ever")
  void whatIsFollowedBySomethingIsNotExecuted() {
    Batch sixth = backup.batchOf(6);
    backup.prePrepare(5, fifth).prePrepare(6, sixth).prepares(5, fifth.digest(), 2);
    assertThat(backup.executed()).endsWith("op4");
    assertThat(backup.broadcast(Commit.class)).containsExactly(commit(5, backup));
  }

  @Test
  @DisplayName("A checkpoint is of what is decided: its batch, and none behind it, is tentative")
  void theBatchOfACheckpointWaits() {
    backup.orderedUpTo(7);
    prepared(backup, 8);
    assertThat(backup.executed()).endsWith("op7");
    assertThat(backup.broadcast(Commit.class)).containsExactly(commit(8, backup));
  }

  @Test
  @DisplayName("There must be a state to go back to (CCF#951)")
  void nothingIsTentativeBeforeTheFirstStableCheckpoint() {
    Scene young = Scene.of(1, CONFIG);
    prepared(young, 1);
    assertThat(young.executed()).isEmpty();
    assertThat(young.broadcast(Commit.class)).containsExactly(commit(1, young));
  }

  @Test
  @DisplayName("Whether a session's first request is admitted may depend on others")
  void theFirstRequestOfASessionWaits() {
    Batch first = backup.batch(request(1, 1, 1, "first"));
    backup.prePrepare(5, first).prepares(5, first.digest(), 2);
    assertThat(backup.executed()).endsWith("op4");
  }

  @Test
  void aRequestOutOfOrderIsNotExecuted() {
    Batch later = backup.batchOf(7);
    backup.prePrepare(5, later).prepares(5, later.digest(), 2);
    assertThat(backup.executed()).endsWith("op4");
  }

  // Going back

  private ViewChange asks(int replica, Digest prepared) {
    Honest honest = new Honest(backup.config(), 4);
    Changes change = Changes.of(1, replica).stable(4, honest.digest(4));
    return prepared == null ? change.done() : change.prepared(5, prepared, 0).done();
  }

  @Test
  @DisplayName("A view that begins without it takes it back: to the last stable checkpoint")
  void aNewViewWithoutItTakesItBack() {
    Scene other = atCheckpoint(3);
    prepared(other, 5);
    other.entersView(1, asks(0, null), asks(1, null), asks(2, null));
    assertThat(other.observed(Observation.Undone.class)).containsExactly(new Observation.Undone(5));
    assertThat(other.executed()).containsExactly("op1", "op2", "op3", "op4");
    Batch instead = other.batch(request(0, 1, 5, "instead"));
    other.ordered(5, instead);
    assertThat(other.executed()).endsWith("op4", "instead");
    assertThat(other.refused()).isEmpty();
  }

  @Test
  @DisplayName("What was decided since the checkpoint is executed again")
  void whatIsDecidedIsExecutedAgain() {
    Scene other = atCheckpoint(3).orderedUpTo(5);
    prepared(other, 6);
    assertThat(other.executed()).endsWith("op6");
    Digest five = fifth.digest();
    other.entersView(1, asks(0, five), asks(1, five), asks(2, five));
    assertThat(other.executed()).containsExactly("op1", "op2", "op3", "op4", "op5");
    assertThat(other.status().lastExecuted()).isEqualTo(5);
  }

  @Test
  void aNewViewThatBeginsWithItKeepsIt() {
    Scene other = atCheckpoint(3);
    prepared(other, 5);
    Digest five = fifth.digest();
    other.entersView(1, asks(0, five), asks(1, five), asks(2, five));
    assertThat(other.observed(Observation.Undone.class)).isEmpty();
    other.prepares(5, five, 0, 2).commits(5, five, 0, 1, 2);
    assertThat(other.executed()).containsExactly("op1", "op2", "op3", "op4", "op5");
    assertThat(other.status().lastExecuted()).isEqualTo(5);
  }

  @Test
  @DisplayName("f+1 say that something else is committed there, in a view not heard of yet")
  void claimsOfAnotherBatchTakeItBack() {
    prepared(backup, 5);
    Batch instead = backup.batch(request(0, 1, 5, "instead"));
    backup.claims(5, instead.digest(), 2, 3).body(2, 5, instead);
    assertThat(backup.executed()).containsExactly("op1", "op2", "op3", "op4", "instead");
    assertThat(backup.status().lastExecuted()).isEqualTo(5);
  }

  @Test
  void whatIsBeingExecutedIsTakenBackWhenItIsDone() {
    Scene other = atCheckpoint(3).hold();
    prepared(other, 5);
    other.entersView(1, asks(0, null), asks(1, null), asks(2, null)).release();
    assertThat(other.executed()).containsExactly("op1", "op2", "op3", "op4");
    assertThat(other.replies()).as("of what is taken back").isEmpty();
  }

  @Test
  @DisplayName("Whoever has left the view says no COMMIT in it any more")
  void aCommitThatWaitsEndsWithItsView() {
    prepared(backup, 5).entersView(2, Changes.of(2, 0).stable(4, four()).done(), ask2(2), ask2(3));
    assertThat(backup.broadcast(Commit.class)).isEmpty();
    backup.fire(TimerKind.COMMIT);
    assertThat(backup.broadcast(Commit.class)).isEmpty();
  }

  private ViewChange ask2(int replica) {
    return Changes.of(2, replica).stable(4, four()).done();
  }

  private Digest four() {
    return new Honest(backup.config(), 4).digest(4);
  }

  // Reads

  private static int queriesAfterRead(Scene scene, boolean fast) {
    ReadRequest read = new ReadRequest(2, 1, 1, fast, new byte[1]);
    byte[] payload = scene.peers().sealer(0).payload(read);
    scene.deliver(Peers.verified(scene.door(), Principal.client(2), payload));
    return scene.effects(Effect.Query.class).size();
  }

  @Test
  @DisplayName("No read sees what may be taken back; whoever reads hurries the COMMIT")
  void aReadWaitsUntilItIsDecided() {
    for (boolean fast : new boolean[] {true, false}) {
      Scene scene = atCheckpoint(1);
      prepared(scene, 5);
      assertThat(queriesAfterRead(scene, fast)).isZero();
      assertThat(scene.broadcast(Commit.class)).containsExactly(commit(5, scene));
      scene.commits(5, fifth.digest(), 0, 2);
      assertThat(scene.effects(Effect.Query.class)).hasSize(1);
    }
  }

  @Test
  @DisplayName("While a read waits nothing more is executed tentatively: it would wait for ever")
  void nothingIsTentativeWhileAReadWaits() {
    prepared(backup, 5);
    queriesAfterRead(backup, true);
    prepared(backup, 6).commits(5, fifth.digest(), 0, 2);
    assertThat(backup.effects(Effect.Query.class)).hasSize(1);
    assertThat(backup.executed()).endsWith("op5");
  }
}
