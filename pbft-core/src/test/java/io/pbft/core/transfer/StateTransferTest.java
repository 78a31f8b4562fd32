package io.pbft.core.transfer;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.ChunkTree;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 3 of 4 has been away while the others reached checkpoint 12; K = 4, L = 8. */
@DisplayName("State transfer: a certified digest, donors that nobody has to trust")
class StateTransferTest {
  private final Scene behind = Scene.of(3);
  private final Honest honest = new Honest(behind.config(), 12);
  private final Honest large = new Honest(behind.config(), 12).withState(text('a', 60));
  private final List<Map.Entry<Integer, FetchChunks>> open = new ArrayList<>();

  /** So many different leaves of ten bytes. */
  private static Snapshot text(char first, int leaves) {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < leaves; i++) {
      all.add(String.format("%c%08d%n", first, i).getBytes(StandardCharsets.UTF_8));
    }
    return Snapshot.ofLeaves(all);
  }

  private Scene hearsOfCheckpoint12(Honest from) {
    return behind.from(0, from.checkpoint(12, 0)).from(1, from.checkpoint(12, 1));
  }

  /** What was asked of a replica by the last step. */
  private List<FetchChunks> asked(int replica) {
    return behind.sentTo(replica, FetchChunks.class);
  }

  private List<Digest> askedOfAll() {
    return behind
        .others()
        .flatMap(i -> asked(i).stream())
        .flatMap(question -> question.digests().stream())
        .toList();
  }

  private int onlyOneAsked() {
    List<Integer> all = behind.others().filter(i -> !asked(i).isEmpty()).toList();
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  /** Both donors have been asked for leaves, and nothing else is open; of each one question. */
  private List<FetchChunks> bothAskedForLeaves() {
    hearsOfCheckpoint12(large);
    note();
    List<Digest> leaves =
        large.state(12).root().children().stream().map(StateNode::digest).toList();
    while (!leaves.containsAll(open.get(0).getValue().digests())) {
      answer(open.remove(0));
      open.sort(Comparator.comparing(e -> leaves.containsAll(e.getValue().digests())));
    }
    return List.of(openAt(0), openAt(1));
  }

  private FetchChunks openAt(int replica) {
    return open.stream().filter(e -> e.getKey() == replica).findFirst().orElseThrow().getValue();
  }

  private void note() {
    behind.others().forEach(i -> asked(i).forEach(question -> open.add(Map.entry(i, question))));
    // What a transfer that follows at once asks for is another story.
    open.removeIf(e -> e.getValue().sequence() != 12);
  }

  private void answer(Map.Entry<Integer, FetchChunks> question) {
    behind.from(question.getKey(), large.answer(question.getValue(), question.getKey()));
    note();
  }

  /** Those that are still asked answer, to the end. */
  private void answerTheRest(FetchChunks besides) {
    note();
    open.removeIf(e -> e.getValue().equals(besides));
    while (!open.isEmpty()) {
      answer(open.remove(0));
    }
  }

  @Test
  void aReplicaThatWasAwayFetchesTheStateAndGoesOnFromThere() {
    honest.serve(hearsOfCheckpoint12(honest), 0, 1);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
    behind.ordered(13, behind.batch(request(0, 1, 13, "op13")));
    assertThat(behind.executed()).hasSize(13).endsWith("op12", "op13");
  }

  @Test
  @DisplayName("The duplicate filter comes with the state: nothing is executed again")
  void whatWasExecutedInTheFetchedStateIsNotExecutedAgain() {
    honest.serve(hearsOfCheckpoint12(honest), 0, 1);
    behind.ordered(13, behind.batch(request(1, 1, 1, "new")));
    behind.fromClient(behind.signed(request(0, 1, 12, "op12")));
    assertThat(behind.replies())
        .singleElement()
        .satisfies(r -> assertThat(r.result().outcome()).isEqualTo(Result.Outcome.OK));
    assertThat(behind.executed()).containsOnlyOnce("op12");
  }

  @Test
  @DisplayName("The certificate names the uppermost chunk, and each chunk those below it")
  void nothingIsAskedForThatTheCertificateDoesNotName() {
    hearsOfCheckpoint12(large);
    assertThat(askedOfAll()).containsExactly(large.digest(12));
    int donor = onlyOneAsked();
    Chunks answer = large.answer(asked(donor).get(0), donor);
    behind.from(donor, answer);
    assertThat(askedOfAll())
        .containsExactlyInAnyOrderElementsOf(ChunkTree.children(answer.chunks().get(0)));
  }

  @Test
  @DisplayName("A wrong chunk costs its sender that transfer, not the receiver its progress")
  void aWrongChunkIsRefusedItsSenderNamedAndTheChunkFetchedFromAnother() {
    FetchChunks question = bothAskedForLeaves().get(0);
    Chunks good = large.answer(question, 0);
    List<byte[]> chunks = new ArrayList<>(good.chunks());
    chunks.set(1, new byte[] {1});
    behind.from(0, new Chunks(question.ticket(), chunks, 0));
    assertThat(behind.refused()).containsExactly(Reason.BAD_CHUNK);
    assertThat(behind.observed(Observation.DonorPassedOver.class))
        .containsExactly(new Observation.DonorPassedOver(12, 0, "it sent a wrong chunk"));
    assertThat(staged()).containsExactly(good.chunks().get(0));
    assertThat(asked(0)).isEmpty();
    answerTheRest(question);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  private List<byte[]> staged() {
    return behind.effects(Effect.StageChunks.class).stream()
        .flatMap(effect -> effect.chunks().stream())
        .toList();
  }

  @Test
  void aDonorThatDoesNotHaveTheStateIsPassedOverAndNamed() {
    hearsOfCheckpoint12(large);
    int without = onlyOneAsked();
    FetchChunks question = asked(without).get(0);
    behind.from(without, new Chunks(question.ticket(), List.of(new byte[0]), without));
    assertThat(behind.refused()).isEmpty();
    assertThat(behind.observed(Observation.DonorPassedOver.class))
        .containsExactly(
            new Observation.DonorPassedOver(12, without, "it does not have the state"));
    assertThat(onlyOneAsked()).isNotEqualTo(without);
  }

  @Test
  void whenNobodyHasTheStateAllAreAskedAgainAfterAWhile() {
    hearsOfCheckpoint12(large);
    for (int i = 0; i < 2; i++) {
      int without = onlyOneAsked();
      FetchChunks question = asked(without).get(0);
      behind.from(without, new Chunks(question.ticket(), List.of(new byte[0]), without));
    }
    assertThat(askedOfAll()).as("no storm of questions").isEmpty();
    behind.fire(TimerKind.FETCH);
    assertThat(askedOfAll()).containsExactly(large.digest(12));
  }

  @Test
  void whatDidNotFitInAnAnswerIsAskedForAgain() {
    FetchChunks question = bothAskedForLeaves().get(0);
    Chunks full = large.answer(question, 0);
    behind.from(0, new Chunks(question.ticket(), full.chunks().subList(0, 1), 0));
    assertThat(behind.refused()).isEmpty();
    assertThat(behind.observed(Observation.DonorPassedOver.class)).isEmpty();
    answerTheRest(question);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  @DisplayName("T11: a target that moves while the others are busy does not restart the transfer")
  void aTransferThatGoesOnIsNotGivenUpForANewerCheckpoint() {
    bothAskedForLeaves();
    for (long newer = 16; newer <= 40; newer += 4) {
      Digest digest = Digest.of(new byte[] {(byte) newer});
      behind.from(0, new Checkpoint(newer, digest, 0)).from(1, new Checkpoint(newer, digest, 1));
      assertThat(askedOfAll()).isEmpty();
    }
    assertThat(behind.observed(Observation.TransferStarted.class)).isEmpty();
    answerTheRest(null);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
    assertThat(behind.status().waitingFor()).as("at once").contains("checkpoint 40");
  }

  @Test
  @DisplayName("When its answers stop, the newer one is fetched; what has come is not lost")
  void theNewerCheckpointIsTakenWhenTheOldOneIsGone() {
    FetchChunks question = bothAskedForLeaves().get(0);
    behind.from(0, large.answer(question, 0));
    Honest later = new Honest(behind.config(), 24).withState(text('a', 60));
    behind.from(0, later.checkpoint(24, 0)).from(1, later.checkpoint(24, 1));
    behind.fire(TimerKind.FETCH);
    assertThat(askedOfAll()).containsExactly(later.digest(24));
    List<Digest> askedAgain = new ArrayList<>();
    later.serve(behind, askedAgain::addAll, 0, 1);
    assertThat(behind.status().lastExecuted()).isEqualTo(24);
    assertThat(askedAgain).doesNotContainAnyElementsOf(question.digests());
  }

  @Test
  @DisplayName("What came of states that were never completed does not fill the disk")
  void afterTooManyUnfinishedStatesItBeginsAfresh() {
    bothAskedForLeaves();
    for (int i = 1; i <= StateTransfer.MAX_UNFINISHED; i++) {
      assertThat(behind.effects(Effect.Unstage.class)).isEmpty();
      Honest later = new Honest(behind.config(), 12 + 4L * i).withState(text('a', 60 + i));
      behind.from(0, later.checkpoint(12 + 4L * i, 0)).from(1, later.checkpoint(12 + 4L * i, 1));
      behind.fire(TimerKind.FETCH);
    }
    assertThat(behind.effects(Effect.Unstage.class)).hasSize(1);
  }

  @Test
  void chunksAreFetchedFromAllDonorsAtOnce() {
    bothAskedForLeaves();
    assertThat(open).extracting(Map.Entry::getKey).contains(0, 1);
    assertThat(open.stream().flatMap(e -> e.getValue().digests().stream()))
        .hasSize(60)
        .doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("Only chunks that differ from what is here are fetched")
  void aDonorIsNotAskedForWhatIsHere() {
    Scene far = Scene.of(3).orderedUpTo(3);
    Digest state = far.machine().snapshot().root().digest();
    Honest same = new Honest(far.config(), 12).withState(far.machine().snapshot());
    far.from(0, same.checkpoint(12, 0)).from(1, same.checkpoint(12, 1));
    List<Digest> asked = new ArrayList<>();
    same.serve(far, asked::addAll, 0, 1);
    assertThat(asked).isNotEmpty().doesNotContain(state);
    assertThat(far.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  void aDonorThatIsSilentIsPassedOverAndNamed() {
    hearsOfCheckpoint12(large);
    int silent = onlyOneAsked();
    behind.fire(TimerKind.FETCH);
    assertThat(behind.observed(Observation.DonorPassedOver.class))
        .containsExactly(new Observation.DonorPassedOver(12, silent, "it did not answer"));
    assertThat(onlyOneAsked()).isNotEqualTo(silent);
    large.serve(behind, 1 - silent);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  void anAnswerThatComesLateIsAsGoodAsAny() {
    FetchChunks question = bothAskedForLeaves().get(0);
    behind.fire(TimerKind.FETCH);
    Chunks late = large.answer(question, 0);
    behind.from(0, late);
    assertThat(staged()).containsExactlyElementsOf(late.chunks());
    open.clear();
    behind.from(0, late);
    assertThat(behind.deferred()).as("once").containsExactly(Reason.NOT_ASKED_FOR);
    assertThat(staged()).isEmpty();
  }

  @Test
  void answersThatWereNotAskedForChangeNothing() {
    behind.from(0, new Chunks(1, List.of(new byte[] {0, 1}), 0));
    assertThat(behind.deferred()).containsExactly(Reason.NOT_ASKED_FOR);
    hearsOfCheckpoint12(honest);
    int donor = onlyOneAsked();
    Chunks answer = honest.answer(asked(donor).get(0), donor);
    behind.from(1 - donor, new Chunks(answer.ticket(), answer.chunks(), 1 - donor));
    assertThat(behind.deferred()).as("of another").containsExactly(Reason.NOT_ASKED_FOR);
    behind.from(donor, answer);
    behind.from(donor, answer);
    assertThat(behind.deferred()).as("again").containsExactly(Reason.NOT_ASKED_FOR);
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
    assertThat(behind.effects(Effect.Unstage.class)).hasSize(1);
    assertThat(behind.effects(Effect.InstallSnapshot.class)).isEmpty();
    assertThat(behind.isArmed(TimerKind.FETCH)).isFalse();
    assertThat(behind.executed()).hasSize(4);
  }

  @Test
  @DisplayName("Never in the middle of a batch: the state is installed when nothing executes")
  void theStateIsInstalledBetweenBatches() {
    hearsOfCheckpoint12(honest);
    int donor = onlyOneAsked();
    FetchChunks question = asked(donor).get(0);
    behind.hold().ordered(1, behind.batch(request(0, 1, 1, "op1")));
    behind.from(donor, honest.answer(question, donor));
    assertThat(behind.effects(Effect.InstallSnapshot.class)).isEmpty();
    honest.serve(behind.release(), 0, 1);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
  }

  @Test
  @DisplayName("While the disk takes the state, nothing executes and nothing else is fetched")
  void theInstallationMayTakeTime() {
    honest.serve(hearsOfCheckpoint12(honest).holdInstallation(), 0, 1);
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
    FetchChunks question = null;
    int donor = 0;
    for (int i : behind.others().toList()) {
      for (FetchChunks each : asked(i)) {
        question = each;
        donor = i;
      }
    }
    behind.orderedUpTo(6);
    others.serve(behind.from(donor, others.answer(question, donor)), 0, 1, 2);
    assertThat(behind.executed()).containsExactly("ok", "op5", "op6");
    assertThat(behind.status().stableCheckpoint()).isEqualTo(4);
  }

  @Test
  @DisplayName(
      "f+1's word for a later checkpoint counts as soon as h is there: it is not said again")
  void whatWasHeardBeyondTheWindowIsFetchedWhenTheWindowFollows() {
    ProtocolConfig seven = Scene.config(7);
    Honest others = new Honest(seven, 16);
    Scene fetched = Scene.of(3, seven);
    for (int i = 0; i < 3; i++) {
      fetched.from(i, others.checkpoint(12, i));
    }
    others.serve(fetched, 0, 1, 2);
    assertThat(fetched.status().lastExecuted()).isEqualTo(12);
    assertThat(fetched.status().stableCheckpoint()).as("four of five").isZero();
    for (int i = 0; i < 3; i++) {
      fetched.from(i, others.checkpoint(16, i));
    }
    fetched.from(4, others.checkpoint(12, 4));
    assertThat(fetched.status().stableCheckpoint()).isEqualTo(12);
    fetched.fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    assertThat(fetched.observed(Observation.TransferStarted.class))
        .containsExactly(new Observation.TransferStarted(16));
  }

  @Test
  void anotherWholeQuorumMovesAReplicaThatHasFetchedByFPlusOnesWord() {
    honest.serve(hearsOfCheckpoint12(honest), 0, 1);
    behind.from(2, new Checkpoint(12, honest.digest(12), 2));
    assertThat(behind.status().stableCheckpoint()).isEqualTo(12);
  }
}
