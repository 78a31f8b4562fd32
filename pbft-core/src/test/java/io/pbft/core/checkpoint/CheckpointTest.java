package io.pbft.core.checkpoint;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Status;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 1 of 4 with K = 4 and L = 8. */
@DisplayName("Checkpoints and garbage collection (OSDI'99, section 4.3)")
class CheckpointTest {
  private static final Digest LIE = Digest.of(new byte[] {1});

  private final Scene replica = Scene.of(1);
  private final Honest honest = new Honest(replica.config(), 12);

  @Test
  void aCheckpointIsTakenAfterEveryKthSequenceNumber() {
    replica.orderedUpTo(3);
    assertThat(replica.effects(Effect.TakeSnapshot.class)).isEmpty();
    replica.orderedUpTo(4);
    assertThat(replica.effects(Effect.TakeSnapshot.class))
        .extracting(Effect.TakeSnapshot::sequence)
        .containsExactly(4L);
    assertThat(replica.broadcast(Checkpoint.class)).containsExactly(honest.checkpoint(4, 1));
  }

  @Test
  void theFactIsPersistedBeforeTheCheckpointLeaves() {
    replica.orderedUpTo(4);
    List<Effect> effects = replica.effects();
    int fact = effects.indexOf(new Effect.Persist(new LogRecord.Checkpointed(4, honest.digest(4))));
    int message =
        effects.indexOf(
            replica.effects(Effect.Broadcast.class).stream()
                .filter(b -> b.message() instanceof Checkpoint)
                .findFirst()
                .orElseThrow());
    assertThat(fact).isNotNegative().isLessThan(message);
  }

  @Test
  @DisplayName(
      "The snapshot is of the executor's state: it is asked for between batches (Fabric PR#1094)")
  void theSnapshotIsAskedForBeforeTheNextBatchExecutes() {
    replica.ordered(5, replica.batch(request(1, 1, 1, "b"))).orderedUpTo(4);
    List<Effect> order =
        replica.effects().stream()
            .filter(e -> e instanceof Effect.TakeSnapshot || e instanceof Effect.Execute)
            .toList();
    assertThat(order.get(order.size() - 2)).isInstanceOf(Effect.TakeSnapshot.class);
    assertThat(order.get(order.size() - 1))
        .isInstanceOfSatisfying(Effect.Execute.class, e -> assertThat(e.sequence()).isEqualTo(5));
  }

  @Test
  @DisplayName("q = 3 matching ones make it stable: h moves, the log below goes")
  void aQuorumOfMatchingCheckpointsIsStable() {
    replica.orderedUpTo(5).from(0, honest.checkpoint(4, 0));
    assertThat(replica.status().stableCheckpoint()).isZero();
    replica.from(2, honest.checkpoint(4, 2));
    assertThat(replica.status().stableCheckpoint()).isEqualTo(4);
    assertThat(replica.effects()).contains(new Effect.Discard(4));
    assertThat(replica.status().logSize()).isEqualTo(1);
  }

  @Test
  void checkpointsCountBySenderNotByMessage() {
    replica.orderedUpTo(4);
    for (int i = 0; i < 5; i++) {
      replica.from(0, honest.checkpoint(4, 0));
    }
    assertThat(replica.status().stableCheckpoint()).isZero();
  }

  @Test
  void aSecondDifferentCheckpointIsRefusedAndTheFirstStands() {
    replica.orderedUpTo(4).from(0, new Checkpoint(4, LIE, 0)).from(0, honest.checkpoint(4, 0));
    assertThat(replica.refused()).containsExactly(Reason.CONFLICTING_CHECKPOINT);
    replica.from(2, honest.checkpoint(4, 2));
    assertThat(replica.status().stableCheckpoint()).isZero();
    replica.from(3, honest.checkpoint(4, 3));
    assertThat(replica.status().stableCheckpoint()).isEqualTo(4);
  }

  @Test
  void aCheckpointThatIsNoMultipleOfKIsRefused() {
    replica.from(0, new Checkpoint(5, LIE, 0));
    assertThat(replica.refused()).containsExactly(Reason.MALFORMED);
    replica.from(0, new Checkpoint(0, LIE, 0));
    assertThat(replica.refused()).containsExactly(Reason.MALFORMED);
  }

  @Test
  @DisplayName(
      "A certificate without the state moves nothing (Themis): h stays, nothing is skipped")
  void aQuorumWithoutOwnStateIsNotStableHere() {
    replica.orderedUpTo(2);
    for (int i : new int[] {0, 2, 3}) {
      replica.from(i, honest.checkpoint(4, i));
    }
    assertThat(replica.status().stableCheckpoint()).isZero();
    assertThat(replica.status().lastExecuted()).isEqualTo(2);
    replica.orderedUpTo(4);
    assertThat(replica.status().stableCheckpoint()).as("its own state is here now").isEqualTo(4);
  }

  @Test
  @DisplayName(
      "f+1 = 2 matching checkpoints beyond the window: too far behind to wait, fetch the state")
  void aWeakCertificateBeyondTheWindowStartsATransfer() {
    replica.from(0, honest.checkpoint(12, 0));
    assertThat(replica.observed(Observation.TransferStarted.class)).isEmpty();
    replica.from(2, honest.checkpoint(12, 2));
    assertThat(replica.observed(Observation.TransferStarted.class))
        .containsExactly(new Observation.TransferStarted(12));
    assertThat(
            replica.sentTo(0, FetchChunks.class).size()
                + replica.sentTo(2, FetchChunks.class).size())
        .as("those who vouch are asked")
        .isEqualTo(1);
  }

  @Test
  void fReplicasCantMakeAReplicaFetchAState() {
    replica.from(0, new Checkpoint(12, LIE, 0)).from(2, honest.checkpoint(12, 2));
    assertThat(replica.observed(Observation.TransferStarted.class)).isEmpty();
  }

  @Test
  void withinTheWindowAReplicaCatchesUpByItself() {
    replica.from(0, honest.checkpoint(8, 0)).from(2, honest.checkpoint(8, 2));
    assertThat(replica.observed(Observation.TransferStarted.class)).isEmpty();
  }

  @Test
  @DisplayName("A stable one within the window that stays out of reach is fetched on the next tick")
  void aReplicaThatStandsStillFetchesACertifiedState() {
    for (int i : new int[] {0, 2, 3}) {
      replica.from(i, honest.checkpoint(4, i));
    }
    replica.fire(TimerKind.STATUS);
    assertThat(replica.observed(Observation.TransferStarted.class))
        .containsExactly(new Observation.TransferStarted(4));
  }

  @Test
  @DisplayName(
      "The own digest differs from the quorum's: corrupt, fetch the state (Fabric PR#1973)")
  void aReplicaWhoseStateDiffersFetchesTheCertifiedOne() {
    replica.orderedUpTo(4);
    for (int i : new int[] {0, 2, 3}) {
      replica.from(i, new Checkpoint(4, LIE, i));
    }
    assertThat(replica.observed(Observation.StateDiverged.class))
        .containsExactly(new Observation.StateDiverged(4, honest.digest(4), LIE));
    assertThat(replica.observed(Observation.TransferStarted.class)).hasSize(1);
    assertThat(replica.status().stableCheckpoint()).isZero();
  }

  @Test
  @DisplayName("The proof of a stable checkpoint convinces whoever did not hear the votes")
  void aLaggardIsSentTheProof() {
    replica.orderedUpTo(4).stable(4);
    replica.from(3, new Status(0, true, 0, 0, 0, 3));
    Relay proof = replica.sentTo(3, Relay.class).get(0);
    Scene laggard = Scene.of(3).orderedUpTo(4).from(1, proof);
    assertThat(laggard.status().stableCheckpoint()).isEqualTo(4);
  }

  @Test
  void checkpointsAtOrBelowTheProvenOneAreOld() {
    replica.orderedUpTo(4).stable(4).from(3, honest.checkpoint(4, 3));
    assertThat(replica.deferred()).containsExactly(Reason.OUT_OF_WINDOW);
  }
}
