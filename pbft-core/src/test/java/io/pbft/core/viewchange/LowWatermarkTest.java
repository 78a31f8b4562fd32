package io.pbft.core.viewchange;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Scene;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A view change counts replicas whose h is at or below the start checkpoint. That works because an
 * h that a quorum certified is one that {@code f+1} correct replicas hold: an h moved on less could
 * leave the correct replicas' view-changes without a plan, for ever. K = 4, L = 8.
 */
@DisplayName("h moves with a quorum's checkpoints, and with nothing less (TOCS, section 4.5)")
class LowWatermarkTest {
  private final Honest honest = new Honest(Scene.config(4), 12);

  private ViewChange lists4(long view, int replica) {
    return Changes.of(view, replica).held(0, Digest.ZERO).held(4, honest.digest(4)).done();
  }

  /** What a replica says of itself when the view that it is in fails. */
  private static ViewChange next(Scene scene) {
    scene.fire(TimerKind.REQUEST).fire(TimerKind.REQUEST).othersFindThePrimaryLate();
    return scene.broadcast(ViewChange.class).get(0);
  }

  private static Scene withAWaitingRequest(Scene scene) {
    return scene.fromClient(scene.signed(request(3, 1, 1, "waits")));
  }

  /** Replica 3 has executed 4, others have not; view 1 starts at 4, on two replicas' word. */
  private Scene enteredAt4() {
    Scene ahead = withAWaitingRequest(Scene.of(3).orderedUpTo(4));
    return ahead.entersView(1, Changes.fresh(1, 0), lists4(1, 1), lists4(1, 2));
  }

  @Test
  @DisplayName("A start checkpoint is listed by f+1 only: it leaves h, P and Q where they were")
  void theStartOfAViewDoesNotMoveH() {
    Scene ahead = enteredAt4();
    assertThat(ahead.status().stableCheckpoint()).isZero();
    ViewChange said = next(ahead);
    assertThat(said.stable()).isZero();
    assertThat(said.checkpoints())
        .extracting(ViewChange.Held::sequence)
        .as("C has the state it holds")
        .containsExactly(0L, 4L);
    assertThat(said.prepared())
        .extracting(ViewChange.Entry::sequence)
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(said.prePrepared()).hasSize(4);
  }

  /** A correct replica that has pre-prepared 1 to 4, and executed less. */
  private static ViewChange slower(Scene scene, int replica) {
    Changes changes = Changes.of(2, replica).held(0, Digest.ZERO);
    for (long s = 1; s <= 4; s++) {
      changes.prePrepared(s, scene.batchOf(s).digest(), 0);
    }
    return changes.done();
  }

  @Test
  @DisplayName(
      "A traitor lists 4 and sends its NEW-VIEW to one replica, then is silent: the correct ones"
          + " still have a plan")
  void theCorrectReplicasHaveAPlanWithoutTheTraitor() {
    Scene three = enteredAt4();
    List<ViewChange> correct = List.of(slower(three, 0), slower(three, 2), next(three));
    NewViewPlan plan = NewViewPlan.decide(three.config().quorums(), 8, correct);
    assertThat(plan).isNotNull();
    assertThat(plan.start()).isZero();
    assertThat(plan.choices()).hasSize(4);
  }

  @Test
  void theVotesOfAQuorumMoveItThen() {
    Scene ahead = enteredAt4();
    ahead.from(0, honest.checkpoint(4, 0)).from(2, honest.checkpoint(4, 2));
    assertThat(ahead.status().stableCheckpoint()).isEqualTo(4);
    assertThat(next(ahead).prepared()).isEmpty();
  }

  @Test
  @DisplayName("Who lacks the start checkpoint's state fetches it, and keeps P and Q meanwhile")
  void aReplicaThatLacksTheStartKeepsWhatItPrepared() {
    Scene behind = withAWaitingRequest(Scene.of(3).orderedUpTo(2));
    behind.entersView(1, Changes.fresh(1, 0), lists4(1, 1), lists4(1, 2));
    honest.serve(behind, 0, 1, 2);
    assertThat(behind.status().lastExecuted()).isEqualTo(4);
    assertThat(behind.status().stableCheckpoint()).as("it alone vouches").isZero();
    ViewChange said = next(behind);
    assertThat(said.stable()).isZero();
    assertThat(said.prepared()).extracting(ViewChange.Entry::sequence).containsExactly(1L, 2L);
    assertThat(said.checkpoints()).extracting(ViewChange.Held::sequence).containsExactly(0L, 4L);
    behind.from(1, honest.checkpoint(4, 1)).from(2, honest.checkpoint(4, 2));
    assertThat(behind.status().stableCheckpoint()).isEqualTo(4);
  }

  // A fetched state. Seven replicas: f+1 = 3 vouch, and the one that fetches is the fourth of q = 5

  private final Honest sevens = new Honest(Scene.config(7), 16);

  private Scene fetched12() {
    Scene behind = Scene.of(6, Scene.config(7)).orderedUpTo(2);
    for (int i = 0; i < 3; i++) {
      behind.from(i, sevens.checkpoint(12, i));
    }
    return sevens.serve(behind, 0, 1, 2);
  }

  @Test
  @DisplayName("A state fetched on f+1 words executes, but h waits for its certificate")
  void aFetchedStateDoesNotMoveH() {
    Scene fetched = fetched12();
    assertThat(fetched.status().lastExecuted()).isEqualTo(12);
    assertThat(fetched.status().stableCheckpoint()).isZero();
    fetched.from(3, sevens.checkpoint(12, 3));
    assertThat(fetched.status().stableCheckpoint()).isEqualTo(12);
    fetched.ordered(13, fetched.batch(request(0, 1, 13, "op13")));
    assertThat(fetched.executed()).endsWith("op12", "op13");
  }

  @Test
  @DisplayName("Its view-change keeps what it prepared below the fetched state")
  void aFetchedStateKeepsPAndQ() {
    Scene fetched = withAWaitingRequest(fetched12());
    ViewChange said = next(fetched);
    assertThat(said.stable()).isZero();
    assertThat(said.prepared()).extracting(ViewChange.Entry::sequence).containsExactly(1L, 2L);
    assertThat(said.checkpoints())
        .as("beyond h+L, too: others may have counted its vote for 12 and moved their h there")
        .extracting(ViewChange.Held::sequence)
        .containsExactly(0L, 12L);
  }

  @Test
  @DisplayName("Beyond its window a replica fetches a second state only when that one is certified")
  void onlyOneStateIsHeldBeyondTheWindow() {
    Scene fetched = fetched12();
    for (int i = 0; i < 3; i++) {
      fetched.from(i, sevens.checkpoint(16, i));
    }
    fetched.fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    assertThat(fetched.status().waitingFor()).contains("checkpoint");
    assertThat(fetched.observed(Observation.TransferStarted.class)).isEmpty();
    fetched.from(3, sevens.checkpoint(16, 3)).from(4, sevens.checkpoint(16, 4));
    assertThat(fetched.observed(Observation.TransferStarted.class)).hasSize(1);
  }

  @Test
  @DisplayName("A proposal below the fetched state is passed over: nobody can judge its requests")
  void aLateProposalBelowTheFetchedStateBlamesNobody() {
    Scene fetched = fetched12();
    fetched.prePrepare(3, fetched.batchOf(3));
    assertThat(fetched.refused()).isEmpty();
    assertThat(fetched.broadcast(Prepare.class)).isEmpty();
  }

  @Test
  @DisplayName("A certificate below the fetched state moves h, though that state was never here")
  void aCertificateBelowTheFetchedStateMovesH() {
    Scene fetched = fetched12();
    for (int i = 0; i < 5; i++) {
      fetched.from(i, sevens.checkpoint(8, i));
    }
    assertThat(fetched.status().stableCheckpoint()).isEqualTo(8);
    assertThat(fetched.effects()).contains(new Effect.Discard(8));
    ViewChange said = next(withAWaitingRequest(fetched));
    assertThat(said.checkpoints())
        .extracting(ViewChange.Held::sequence)
        .as("h, and what it holds above")
        .containsExactly(8L, 12L);
  }

  @Test
  void aCertificateThatCameBeforeTheStateMovesHWhenTheStateIsHere() {
    Scene behind = Scene.of(6, Scene.config(7));
    for (int i = 0; i < 5; i++) {
      behind.from(i, sevens.checkpoint(8, i));
    }
    for (int i = 0; i < 3; i++) {
      behind.from(i, sevens.checkpoint(12, i));
    }
    assertThat(behind.status().stableCheckpoint()).isZero();
    sevens.serve(behind, 0, 1, 2);
    assertThat(behind.status().stableCheckpoint()).isEqualTo(8);
  }

  @Test
  @DisplayName("Whoever says that its h lags is sent the proof, although it has executed further")
  void aReplicaWhoseHLagsIsSentTheProof() {
    Scene helper = Scene.of(0).orderedUpTo(4).stable(4);
    Status lagging = new Status(0, true, 0, 9, 0, 3);
    helper.from(3, lagging).from(3, lagging);
    Relay proof = helper.sentTo(3, Relay.class).get(0);
    assertThat(proof.envelopes()).hasSize(3);
  }

  // A window behind the view's choices

  @Test
  @DisplayName("Choices beyond the own window are taken up when the window has moved")
  void choicesBeyondTheWindowAreNotLost() {
    Scene behind = Scene.of(3).orderedUpTo(4);
    Batch last = behind.batchOf(9);
    List<ViewChange> messages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Changes changes = Changes.of(1, i).stable(4, honest.digest(4));
      for (long s = 5; s <= 9; s++) {
        changes.prepared(s, behind.batchOf(s).digest(), 0);
      }
      messages.add(changes.done());
    }
    behind.entersView(1, messages.toArray(ViewChange[]::new));
    assertThat(behind.status().stableCheckpoint()).isZero();
    behind.from(0, honest.checkpoint(4, 0)).from(1, honest.checkpoint(4, 1));
    assertThat(behind.status().stableCheckpoint()).isEqualTo(4);
    behind.body(0, 9, last);
    assertThat(behind.broadcast(Prepare.class))
        .containsExactly(new Prepare(1, 9, last.digest(), 3));
  }

  @Test
  @DisplayName("A new primary that lacks the start checkpoint's state proposes nothing yet")
  void aPrimaryBehindTheStartWaitsForItsState() {
    Scene primary = withAWaitingRequest(Scene.of(1));
    primary.from(2, lists4(1, 2)).from(3, lists4(1, 3));
    assertThat(primary.status().active()).isTrue();
    assertThat(primary.proposed()).isEmpty();
    honest.serve(primary, 0, 2, 3);
    assertThat(primary.proposed()).containsExactly("waits");
  }

  @Test
  @DisplayName("A state that is replaced takes the own later checkpoints with it")
  void afterADivergenceTheLaterCheckpointsAreNotListed() {
    Scene corrupt = Scene.of(1).orderedUpTo(8);
    Honest others = new Honest(corrupt.config(), 8).withState(honest.state(12));
    for (int i : new int[] {0, 2, 3}) {
      corrupt.from(i, new Checkpoint(4, others.digest(4), i));
    }
    others.serve(corrupt, 0, 2, 3);
    assertThat(corrupt.status().stableCheckpoint()).isEqualTo(4);
    corrupt.from(2, Changes.fresh(1, 2)).from(3, Changes.fresh(1, 3));
    ViewChange said = corrupt.broadcast(ViewChange.class).get(0);
    assertThat(said.checkpoints())
        .extracting(ViewChange.Held::digest)
        .startsWith(others.digest(4))
        .doesNotContain(honest.digest(8));
  }

  @Test
  @DisplayName("A state that is behind h by the time it is installed is not the last word")
  void anInstalledStateThatHHasPassedIsReplacedByTheStableOne() {
    Scene corrupt = Scene.of(1).orderedUpTo(8);
    Honest others = new Honest(corrupt.config(), 8).withState(honest.state(12));
    for (int i : new int[] {0, 2, 3}) {
      corrupt.from(i, new Checkpoint(4, others.digest(4), i));
    }
    others.serve(corrupt.holdInstallation(), 0, 2, 3);
    for (int i : new int[] {0, 2, 3}) {
      corrupt.from(i, honest.checkpoint(8, i));
    }
    assertThat(corrupt.status().stableCheckpoint()).isEqualTo(8);
    corrupt.release();
    assertThat(corrupt.status().lastExecuted()).isEqualTo(4);
    assertThat(corrupt.observed(Observation.TransferStarted.class))
        .containsExactly(new Observation.TransferStarted(8));
  }
}
