package io.pbft.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Committed;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.Relay;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Status;
import io.pbft.core.scene.Honest;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A replica behind the others' logs follows on the batches that they keep below h")
class FollowingTest {
  private static final int BEHIND = 3;
  private static final ProtocolConfig CONFIG = Scene.config(4).toBuilder().history(100).build();

  private record Letter(int from, int to, ReplicaMessage message) {}

  private Scene behind = Scene.of(BEHIND, CONFIG);
  private final List<Letter> answered = new ArrayList<>();

  /** A replica that has executed up to a checkpoint, which is stable. */
  private static Scene at(int id, ProtocolConfig config, long checkpoint) {
    return on(Scene.of(id, config), checkpoint);
  }

  /** It goes on up to a checkpoint, which is stable. */
  private static Scene on(Scene scene, long checkpoint) {
    for (long s = scene.status().stableCheckpoint() + 4; s <= checkpoint; s += 4) {
      scene.orderedUpTo(s).stable(s);
    }
    return scene;
  }

  private static List<Scene> othersAt(long checkpoint) {
    return List.of(at(0, CONFIG, checkpoint), at(1, CONFIG, checkpoint), at(2, CONFIG, checkpoint));
  }

  /** What the replica has just said reaches the others, their answers reach it, and so on. */
  private void talkWith(List<Scene> others) {
    ArrayDeque<Letter> open = letters(behind, BEHIND);
    while (!open.isEmpty()) {
      Letter next = open.remove();
      if (next.to() == BEHIND) {
        answered.add(next);
        behind.from(next.from(), next.message());
        open.addAll(letters(behind, BEHIND));
      } else if (next.to() < others.size()) {
        Scene other = others.get(next.to()).from(BEHIND, next.message());
        letters(other, next.to()).stream().filter(l -> l.to() == BEHIND).forEach(open::add);
      }
    }
  }

  private static ArrayDeque<Letter> letters(Scene scene, int from) {
    ArrayDeque<Letter> letters = new ArrayDeque<>();
    for (Effect effect : scene.effects()) {
      if (effect instanceof Effect.Send send && send.message() instanceof ReplicaMessage m) {
        letters.add(new Letter(from, send.to(), m));
      } else if (effect instanceof Effect.Broadcast all) {
        scene.others().forEach(i -> letters.add(new Letter(from, i, all.message())));
      }
    }
    return letters;
  }

  @Test
  @DisplayName("Five windows in one conversation: it asks on as it moves, and fetches no state")
  void itFollowsWindowByWindow() {
    behind.fire(TimerKind.STATUS);
    talkWith(othersAt(40));
    assertThat(behind.status().lastExecuted()).isEqualTo(40);
    assertThat(behind.status().stableCheckpoint()).isEqualTo(40);
    assertThat(behind.status().waitingFor()).isEmpty();
    assertThat(behind.executed()).hasSize(40).startsWith("op1").endsWith("op40");
    assertThat(behind.sent(FetchChunks.class)).isEmpty();
  }

  @Test
  @DisplayName("h moves with a quorum's word for each checkpoint on the way, as ever")
  void eachStepHasItsProof() {
    behind.fire(TimerKind.STATUS);
    talkWith(othersAt(40));
    assertThat(behind.journal().stream().filter(LogRecord.Stable.class::isInstance))
        .allSatisfy(
            r -> assertThat(((LogRecord.Stable) r).proof()).hasSize(CONFIG.quorums().quorum()));
  }

  @Test
  @DisplayName("One traitor's claims and bodies alone move nothing")
  void oneAloneIsNotBelieved() {
    behind.fire(TimerKind.STATUS);
    talkWith(othersAt(40).subList(0, 1));
    assertThat(answered).extracting(Letter::message).hasAtLeastOneElementOfType(Committed.class);
    assertThat(behind.executed()).isEmpty();
    assertThat(behind.sent(FetchBatch.class)).isEmpty();
  }

  @Test
  @DisplayName("A state fetched beyond the own window: h follows with the proof that others keep")
  void afterAStateItGoesOnFromThere() {
    ProtocolConfig seven = Scene.config(7).toBuilder().history(100).build();
    Honest honest = new Honest(seven, 12);
    behind = Scene.of(BEHIND, seven);
    for (int i = 0; i < 3; i++) {
      behind.from(i, honest.checkpoint(12, i));
    }
    // It stands still at a tick: the others have not answered its questions.
    behind.fire(TimerKind.STATUS);
    honest.serve(behind, 0, 1, 2);
    assertThat(behind.status().lastExecuted()).isEqualTo(12);
    assertThat(behind.status().stableCheckpoint()).as("four vouch, five are needed").isZero();
    behind.fire(TimerKind.STATUS);
    talkWith(List.of(at(0, seven, 40), at(1, seven, 40), at(2, seven, 40)));
    assertThat(behind.status().lastExecuted()).isEqualTo(40);
    assertThat(behind.status().stableCheckpoint()).isEqualTo(40);
    assertThat(behind.observed(Observation.TransferStarted.class)).isEmpty();
  }

  @Test
  @DisplayName(
      "A state fetched far beyond the own window, while the others went on: they are in reach")
  void afterAStateItFollowsThoughItsOwnWindowIsFarBehind() {
    ProtocolConfig little = Scene.config(4).toBuilder().history(8).build();
    Honest honest = new Honest(little, 48);
    behind = Scene.of(BEHIND, little);
    behind.from(0, honest.checkpoint(40, 0)).from(1, honest.checkpoint(40, 1));
    List<Long> laterOnes = new ArrayList<>(List.of(44L, 48L));
    honest.serve(
        behind,
        asked -> {
          for (long later : laterOnes) {
            for (int i = 0; i < 3; i++) {
              behind.from(i, honest.checkpoint(later, i));
            }
          }
          laterOnes.clear();
        },
        0,
        1);
    assertThat(behind.status().lastExecuted()).isEqualTo(40);
    assertThat(behind.observed(Observation.TransferStarted.class))
        .as("41 is the first that the others keep")
        .isEmpty();
    talkWith(List.of(at(0, little, 48), at(1, little, 48), at(2, little, 48)));
    assertThat(behind.status().lastExecuted()).isEqualTo(48);
    assertThat(behind.status().stableCheckpoint()).isEqualTo(48);
  }

  @Test
  @DisplayName("What is kept is bounded: whoever is behind more fetches a state")
  void beyondTheHistoryItFetchesAState() {
    ProtocolConfig little = Scene.config(4).toBuilder().history(8).build();
    Scene other = at(0, little, 40).from(BEHIND, new Status(0, true, 0, 31, 0, BEHIND));
    assertThat(other.sentTo(BEHIND, Committed.class)).as("32 is gone").isEmpty();
    other.from(BEHIND, new Status(0, true, 32, 32, 0, BEHIND));
    assertThat(other.sentTo(BEHIND, Committed.class))
        .singleElement()
        .satisfies(claims -> assertThat(claims.first()).isEqualTo(33));
    assertThat(other.sentTo(BEHIND, Relay.class).get(0).envelopes())
        .as("the proof of 36; that of 40 is the current one")
        .hasSizeGreaterThanOrEqualTo(CONFIG.quorums().quorum());

    Scene far = Scene.of(BEHIND, little);
    Honest honest = new Honest(little, 40);
    far.from(0, honest.checkpoint(40, 0)).from(1, honest.checkpoint(40, 1));
    assertThat(far.observed(Observation.TransferStarted.class)).as("at once").hasSize(1);
  }

  @Test
  @DisplayName("What follows on a state that is being fetched stays, up to twice as much")
  void whatFollowsOnAFetchedStateStays() {
    ProtocolConfig small =
        CONFIG.toBuilder().historyBytes(5_000).maxClockSkewMillis(1_000_000).build();
    Status afterwards = new Status(0, true, 12, 12, 0, BEHIND);
    Scene unaware = on(at(1, small, 12), 40);
    assertThat(unaware.from(BEHIND, afterwards).sentTo(BEHIND, Committed.class))
        .as("13 is gone")
        .isEmpty();

    Scene asked = at(1, small, 16);
    asked.from(BEHIND, new FetchChunks(12, 1, List.of(Digest.ZERO), BEHIND));
    asked.from(BEHIND, new Status(0, true, 0, 0, 0, BEHIND));
    assertThat(on(asked, 40).from(BEHIND, afterwards).sentTo(BEHIND, Committed.class))
        .singleElement()
        .satisfies(claims -> assertThat(claims.first()).isEqualTo(13));

    Scene left = at(1, small, 16);
    left.from(BEHIND, new FetchChunks(12, 1, List.of(Digest.ZERO), BEHIND));
    for (int tick = 0; tick <= 20; tick++) {
      left.fire(TimerKind.STATUS);
    }
    assertThat(on(left, 40).from(BEHIND, afterwards).sentTo(BEHIND, Committed.class))
        .as("it had not been heard of for long")
        .isEmpty();
  }

  @Test
  @DisplayName("What one replica is told of the past between two ticks is bounded")
  void thePastIsThrottled() {
    Scene other = at(0, CONFIG, 40);
    int told = 0;
    for (int i = 0; i < 1000; i++) {
      other.from(BEHIND, new Status(0, true, 0, 0, 0, BEHIND));
      told += other.sentTo(BEHIND, Committed.class).size();
    }
    assertThat(told).isEqualTo(4096 / CONFIG.logWindow());
    other.fire(TimerKind.STATUS).from(BEHIND, new Status(0, true, 0, 0, 0, BEHIND));
    assertThat(other.sentTo(BEHIND, Committed.class)).hasSize(1);
  }
}
