package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * One operation of 1000 bytes fills a batch, and four batches a primary's log; K is 8, L is 16, and
 * the pipeline 16.
 */
@DisplayName("The log is bounded in bytes, whatever the window is")
class LogBytesTest {
  private static final int INTERVAL = 8;
  private static final int TWO_WINDOWS = 4 * INTERVAL;
  private static final int FULL = 4;
  private static final int FULL_AT_BACKUPS = 2 * FULL;

  private static ProtocolConfig config() {
    return Scene.config(4).toBuilder()
        .checkpointInterval(INTERVAL)
        .logWindow(2 * INTERVAL)
        .logBytes(0)
        .pipeline(2 * INTERVAL)
        .clientWindow(64)
        .limits(new Limits(256 * 1024, 1000, 1000, 1, 1000))
        .build();
  }

  private static void stable(Scene replica) {
    replica.agreesOn(replica.broadcast(Checkpoint.class).get(0));
  }

  private static Batch large(Scene scene, long timestamp) {
    return scene.batch(request(0, 1, timestamp, "x".repeat(1000)));
  }

  private static void send(Scene primary, int requests) {
    for (int i = 1; i <= requests; i++) {
      primary.fromClient(large(primary, i).requests().get(0));
    }
  }

  /** What the primary has proposed, each batch by its number of requests, from 1 on. */
  private static List<Integer> proposals(Scene primary) {
    return primary.status().logSize() == 0
        ? List.of()
        : primary.journal().stream()
            .filter(LogRecord.PrePrepared.class::isInstance)
            .map(r -> ((LogRecord.PrePrepared) r).batch().requests().size())
            .toList();
  }

  private static void decided(Scene replica, long first, long last) {
    for (long s = first; s <= last; s++) {
      Batch batch = s <= FULL ? large(replica, s) : Batch.NULL;
      replica.prepares(s, batch.digest(), 1, 2).commits(s, batch.digest(), 1, 2);
    }
  }

  // The primary

  @Test
  @DisplayName("A primary whose log is full ends the interval with null batches, and waits")
  void aFullLogIsLedToItsCheckpoint() {
    Scene primary = Scene.of(0, config());
    send(primary, 10);
    assertThat(proposals(primary)).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
  }

  @Test
  @DisplayName("It goes on when the interval's checkpoint is stable")
  void aStableCheckpointMakesRoom() {
    Scene primary = Scene.of(0, config());
    send(primary, 10);
    decided(primary, 1, INTERVAL);
    assertThat(primary.broadcast(PrePrepare.class)).as("executed, not yet stable").isEmpty();
    stable(primary);
    assertThat(proposals(primary)).containsExactly(1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0);
  }

  @Test
  void nobodyWaitsNothingIsPadded() {
    Scene primary = Scene.of(0, config());
    send(primary, FULL);
    assertThat(proposals(primary)).hasSize(FULL);
  }

  @Test
  @DisplayName("Small batches fill no log: the window is what bounds them")
  void smallBatchesAreBoundedByTheWindow() {
    Scene primary = Scene.of(0, config().toBuilder().logBytes(100_000).build());
    send(primary, 20);
    assertThat(proposals(primary)).hasSize(2 * INTERVAL).doesNotContain(0);
  }

  @Test
  @DisplayName("What an earlier view's primary has filled it with gives room again, too")
  void proposalsThatWereNotChosenGiveRoomAgain() {
    Scene replica = Scene.of(1, config());
    for (int s = INTERVAL + 1; s <= INTERVAL + FULL; s++) {
      replica.prePrepare(s, large(replica, s));
    }
    replica.entersView(1);
    replica.fromClient(replica.signed(request(1, 1, 1, "waits")));
    assertThat(replica.broadcast(PrePrepare.class))
        .as("the whole first interval")
        .hasSize(INTERVAL)
        .allMatch(m -> m.batch().isNull());
    nullsDecided(replica, 1, INTERVAL);
    stable(replica);
    nullsDecided(replica, INTERVAL + 1, 2 * INTERVAL);
    stable(replica);
    assertThat(replica.broadcast(PrePrepare.class)).hasSize(1);
    assertThat(replica.broadcast(PrePrepare.class).get(0).batch().requests()).hasSize(1);
  }

  private static void nullsDecided(Scene primary, long first, long last) {
    for (long s = first; s <= last; s++) {
      primary.prepares(s, Batch.NULL.digest(), 2, 3).commits(s, Batch.NULL.digest(), 2, 3);
    }
  }

  // Backups

  @Test
  @DisplayName("A backup, whose h may lag, takes twice as much, and puts off the rest")
  void aBackupTakesTwiceAsMuch() {
    Scene backup = Scene.of(1, config());
    for (int s = 1; s <= FULL_AT_BACKUPS; s++) {
      backup.prePrepare(s, large(backup, s));
      assertThat(backup.deferred()).isEmpty();
    }
    backup.prePrepare(FULL_AT_BACKUPS + 1, large(backup, FULL_AT_BACKUPS + 1));
    assertThat(backup.deferred()).containsExactly(Reason.LOG_FULL);
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
    backup.prePrepare(FULL_AT_BACKUPS + 1, Batch.NULL);
    assertThat(backup.broadcast(Prepare.class)).as("takes no memory").hasSize(1);
  }

  @Test
  @DisplayName("More null batches in a row than a window has, two after a start, lead nowhere")
  void endlessNullBatchesAreRefused() {
    Scene backup = Scene.of(1, config());
    for (int s = 1; s <= TWO_WINDOWS; s++) {
      backup.ordered(s, Batch.NULL);
      if (s % INTERVAL == 0) {
        stable(backup);
      }
    }
    backup.prePrepare(TWO_WINDOWS + 1, Batch.NULL);
    assertThat(backup.refused()).containsExactly(Reason.MALFORMED);
    backup.prePrepare(TWO_WINDOWS + 1, large(backup, 1));
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
    backup.prePrepare(TWO_WINDOWS + 2, Batch.NULL);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  @DisplayName("Who followed on others' word, or has restarted, knows of no idling")
  void whoHasSeenNoProposalsTakesNullBatches() {
    Scene backup = Scene.of(1, config());
    for (int s = 1; s <= 2 * INTERVAL; s++) {
      Batch batch = backup.batch(request(0, 1, s, "op"));
      backup.claims(s, batch.digest(), 2, 3).body(2, s, batch);
      if (s % INTERVAL == 0) {
        stable(backup);
      }
    }
    backup.prePrepare(2 * INTERVAL + 1, Batch.NULL);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
    Scene again = backup.restarted();
    again.prePrepare(2 * INTERVAL + 2, Batch.NULL);
    assertThat(again.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void itTakesWhatItPutOffOnceACheckpointIsStable() {
    Scene backup = Scene.of(1, config());
    Batch next = large(backup, FULL_AT_BACKUPS + 1);
    for (int s = 1; s <= FULL_AT_BACKUPS; s++) {
      backup.ordered(s, large(backup, s));
    }
    Checkpoint own = backup.broadcast(Checkpoint.class).get(0);
    backup.prePrepare(FULL_AT_BACKUPS + 1, next);
    assertThat(backup.deferred()).containsExactly(Reason.LOG_FULL);
    backup.agreesOn(own);
    backup.prePrepare(FULL_AT_BACKUPS + 1, next);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  @DisplayName("What overtakes the new-view is kept within the same bound")
  void earlyProposalsAreBoundedTogetherWithTheRest() {
    Scene backup = Scene.of(2, config());
    backup.others().forEach(i -> backup.from(i, Changes.fresh(1, i)));
    for (int s = 1; s <= FULL_AT_BACKUPS; s++) {
      early(backup, s);
      assertThat(backup.deferred()).containsExactly(Reason.FUTURE_VIEW);
    }
    early(backup, FULL_AT_BACKUPS);
    assertThat(backup.deferred()).containsExactly(Reason.LOG_FULL);
    backup.entersView(1);
    assertThat(backup.broadcast(Prepare.class)).isNotEmpty();
  }

  private static void early(Scene backup, long sequence) {
    Batch batch = large(backup, sequence);
    backup.from(1, new PrePrepare(1, sequence, batch.digest(), batch, 1));
  }

  @Test
  @DisplayName("What others say is decided is fetched all the same: correct replicas hold it")
  void aDecidedBatchHasRoom() {
    Scene backup = Scene.of(1, config());
    for (int s = INTERVAL + 1; s <= INTERVAL + FULL_AT_BACKUPS; s++) {
      backup.prePrepare(s, large(backup, s));
    }
    Batch decided = large(backup, 1);
    backup.claims(1, decided.digest(), 2, 3).body(2, 1, decided);
    assertThat(backup.executed()).hasSize(1);
  }
}
