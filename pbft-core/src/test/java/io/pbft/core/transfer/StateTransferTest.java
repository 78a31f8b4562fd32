package io.pbft.core.transfer;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.FetchChunk;
import io.pbft.core.message.FetchManifest;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.Snapshot;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 3 of 4 has been away while the others reached checkpoint 12; K = 4, L = 8. */
@DisplayName("State transfer: a certified digest, donors that nobody has to trust")
class StateTransferTest {
  private final Scene behind = Scene.of(3);
  private final Honest honest = new Honest(behind.config(), 12);
  private final Honest large = new Honest(behind.config(), 12).withState(lines(40_000));

  /** About 400 KB: seven chunks. */
  private static Snapshot lines(int count) {
    byte[] text = "operation\n".repeat(count).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    text[text.length - 1] = '.';
    return Snapshot.of(text);
  }

  private Scene hearsOfCheckpoint12(Honest from) {
    return behind.from(0, from.checkpoint(12, 0)).from(1, from.checkpoint(12, 1));
  }

  private static List<FetchChunk> chunksAsked(Scene scene) {
    List<FetchChunk> asked = new ArrayList<>();
    scene.others().forEach(i -> asked.addAll(scene.sentTo(i, FetchChunk.class)));
    return asked;
  }

  private static List<Integer> manifestAsked(Scene scene) {
    return scene.others().filter(i -> !scene.sentTo(i, FetchManifest.class).isEmpty()).toList();
  }

  @Test
  void aReplicaThatWasAwayFetchesTheStateAndGoesOnFromThere() {
    hearsOfCheckpoint12(honest).from(0, honest.manifest(12, 0));
    assertThat(chunksAsked(behind)).hasSize(1);
    behind.from(1, honest.chunk(12, 0, 1));
    assertThat(behind.observed(Observation.TransferFinished.class)).hasSize(1);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
    behind.ordered(13, behind.batch(request(0, 1, 13, "op13")));
    assertThat(behind.executed()).hasSize(13).endsWith("op12", "op13");
  }

  @Test
  @DisplayName("The duplicate filter comes with the state: nothing is executed again")
  void whatWasExecutedInTheFetchedStateIsNotExecutedAgain() {
    hearsOfCheckpoint12(honest).from(0, honest.manifest(12, 0)).from(1, honest.chunk(12, 0, 1));
    behind.ordered(13, behind.batch(request(1, 1, 1, "new")));
    behind.fromClient(behind.signed(request(0, 1, 12, "op12")));
    assertThat(behind.replies())
        .singleElement()
        .satisfies(r -> assertThat(r.result().outcome()).isEqualTo(Result.Outcome.OK));
    assertThat(behind.executed()).containsOnlyOnce("op12");
  }

  @Test
  void aManifestThatDoesNotHashToTheCertifiedDigestIsRefusedAndAnotherDonorAsked() {
    hearsOfCheckpoint12(honest);
    Manifest lie = new Manifest(12, new byte[] {1}, honest.manifest(12, 0).chunks(), 0);
    behind.from(0, lie);
    assertThat(behind.refused()).containsExactly(Reason.BAD_MANIFEST);
    assertThat(manifestAsked(behind)).containsExactly(1);
    behind.from(1, honest.manifest(12, 1));
    assertThat(chunksAsked(behind)).hasSize(1);
  }

  @Test
  @DisplayName("A wrong chunk costs its sender that transfer, not the receiver its progress")
  void aWrongChunkIsRefusedAndFetchedFromAnother() {
    hearsOfCheckpoint12(large).from(0, large.manifest(12, 0));
    FetchChunk asked = behind.sentTo(0, FetchChunk.class).get(0);
    behind.from(0, new Chunk(12, asked.index(), new byte[] {1}, 0));
    assertThat(behind.refused()).containsExactly(Reason.BAD_CHUNK);
    List<FetchChunk> askedAgain = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      if (i != asked.index()) {
        behind.from(1, large.chunk(12, i, 1));
        askedAgain.addAll(behind.sentTo(1, FetchChunk.class));
        assertThat(behind.sentTo(0, FetchChunk.class)).isEmpty();
      }
    }
    assertThat(askedAgain).containsExactly(new FetchChunk(12, asked.index(), 3));
    behind.from(1, large.chunk(12, asked.index(), 1));
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  @DisplayName("T11: a target that moves while the others are busy does not restart the transfer")
  void aTransferThatGoesOnIsNotGivenUpForANewerCheckpoint() {
    hearsOfCheckpoint12(large).from(0, large.manifest(12, 0));
    for (long newer = 16; newer <= 40; newer += 4) {
      Digest digest = Digest.of(new byte[] {(byte) newer});
      behind.from(0, new Checkpoint(newer, digest, 0)).from(1, new Checkpoint(newer, digest, 1));
      assertThat(manifestAsked(behind)).isEmpty();
    }
    for (int i = 0; i < 7; i++) {
      behind.from(1, large.chunk(12, i, 1));
    }
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  void chunksAreFetchedFromAllDonorsAtOnce() {
    hearsOfCheckpoint12(large).from(0, large.manifest(12, 0));
    assertThat(behind.sentTo(0, FetchChunk.class)).isNotEmpty();
    assertThat(behind.sentTo(1, FetchChunk.class)).isNotEmpty();
    assertThat(chunksAsked(behind)).extracting(FetchChunk::index).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("Only chunks that differ from what is here are fetched")
  void aDonorIsNotAskedForWhatIsHere() {
    Scene far = Scene.of(3).orderedUpTo(3);
    Honest same = new Honest(far.config(), 12).withState(far.machine().snapshot());
    far.from(0, same.checkpoint(12, 0)).from(1, same.checkpoint(12, 1));
    far.from(0, same.manifest(12, 0));
    assertThat(chunksAsked(far)).isEmpty();
    assertThat(far.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  void aDonorThatIsSilentIsPassedOver() {
    hearsOfCheckpoint12(large);
    int first = manifestAsked(behind).get(0);
    behind.fire(TimerKind.FETCH);
    assertThat(manifestAsked(behind)).doesNotContain(first).hasSize(1);
    behind.from(0, large.manifest(12, 0));
    int silent = 0;
    assertThat(behind.sentTo(silent, FetchChunk.class)).isNotEmpty();
    chunksAsked(behind).stream()
        .filter(c -> !behind.sentTo(silent, FetchChunk.class).contains(c))
        .toList()
        .forEach(c -> behind.from(1, large.chunk(12, c.index(), 1)));
    behind.fire(TimerKind.FETCH);
    assertThat(behind.sentTo(silent, FetchChunk.class)).isEmpty();
    assertThat(behind.sentTo(1, FetchChunk.class)).isNotEmpty();
  }

  @Test
  void answersThatWereNotAskedForChangeNothing() {
    behind.from(0, honest.manifest(12, 0));
    assertThat(behind.deferred()).containsExactly(Reason.NOT_ASKED_FOR);
    behind.from(0, honest.chunk(12, 0, 0));
    assertThat(behind.deferred()).containsExactly(Reason.NOT_ASKED_FOR);
    hearsOfCheckpoint12(honest).from(0, honest.manifest(12, 0));
    behind.from(0, new Chunk(12, 99, new byte[1], 0));
    assertThat(behind.deferred()).containsExactly(Reason.NOT_ASKED_FOR);
    behind.from(0, new Chunk(8, 0, new byte[1], 0));
    assertThat(behind.deferred()).containsExactly(Reason.NOT_ASKED_FOR);
  }

  @Test
  @DisplayName("A replica that gets there by itself needs no state any more")
  void aNeedlessTransferEnds() {
    for (int i = 0; i < 3; i++) {
      behind.from(i, honest.checkpoint(4, i));
    }
    behind.fire(TimerKind.STATUS);
    assertThat(behind.status().waitingFor()).contains("fetching");
    behind.orderedUpTo(4);
    assertThat(behind.observed(Observation.TransferFinished.class)).hasSize(1);
    assertThat(behind.effects(Effect.InstallSnapshot.class)).isEmpty();
    assertThat(behind.isArmed(TimerKind.FETCH)).isFalse();
    assertThat(behind.executed()).hasSize(4);
  }

  @Test
  @DisplayName("Never in the middle of a batch: the state is installed when nothing executes")
  void theStateIsInstalledBetweenBatches() {
    behind.hold().ordered(1, behind.batch(request(0, 1, 1, "op1")));
    hearsOfCheckpoint12(honest).from(0, honest.manifest(12, 0));
    assertThat(behind.effects(Effect.InstallSnapshot.class)).isEmpty();
    behind.release();
    behind.from(0, honest.chunk(12, 0, 0));
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  @DisplayName("While the disk takes the state, nothing executes and nothing else is fetched")
  void theInstallationMayTakeTime() {
    hearsOfCheckpoint12(honest).from(0, honest.manifest(12, 0));
    behind.hold().from(0, honest.chunk(12, 0, 0));
    assertThat(behind.effects(Effect.InstallSnapshot.class)).hasSize(1);
    Honest later = new Honest(behind.config(), 16);
    for (int i = 0; i < 3; i++) {
      behind.from(i, later.checkpoint(16, i));
    }
    behind.fire(TimerKind.STATUS);
    assertThat(behind.effects(Effect.InstallSnapshot.class)).isEmpty();
    assertThat(behind.status().lastExecuted()).isZero();
    assertThat(behind.status().waitingFor()).contains("fetching the state of checkpoint 12");
    behind.release();
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
    behind.fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    assertThat(behind.status().waitingFor()).contains("fetching the state of checkpoint 16");
  }

  @Test
  @DisplayName(
      "A diverged replica goes back to the certified state, and executes what follows again")
  void aCorruptStateIsReplaced() {
    behind.orderedUpTo(4);
    Honest others = new Honest(behind.config(), 4).withState(Snapshot.of(new byte[] {'o', 'k'}));
    for (int i = 0; i < 3; i++) {
      behind.from(i, others.checkpoint(4, i));
    }
    behind.orderedUpTo(6);
    behind.from(0, others.manifest(4, 0)).from(1, others.chunk(4, 0, 1));
    assertThat(behind.executed()).containsExactly("ok", "op5", "op6");
    assertThat(behind.status().stableCheckpoint()).isEqualTo(4);
  }

  @Test
  void anotherWholeQuorumMovesAReplicaThatHasFetchedByFPlusOnesWord() {
    hearsOfCheckpoint12(honest).from(0, honest.manifest(12, 0)).from(1, honest.chunk(12, 0, 1));
    behind.from(2, new Checkpoint(12, honest.digest(12), 2));
    assertThat(behind.status().stableCheckpoint()).isEqualTo(12);
  }
}
