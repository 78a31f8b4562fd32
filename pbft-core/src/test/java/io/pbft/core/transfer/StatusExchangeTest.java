package io.pbft.core.transfer;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchBatch;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Status exchange: every loss and every dropped queue is made up for")
class StatusExchangeTest {
  private final Scene replica = Scene.of(1);

  private static Status at(long executed, int who) {
    return new Status(0, true, 0, executed, 0, who);
  }

  @Test
  @DisplayName("On a timer, busy or idle (Fabric#1454)")
  void anIdleReplicaTellsWhereItIs() {
    replica.orderedUpTo(3).fire(TimerKind.STATUS);
    assertThat(replica.broadcast(Status.class)).containsExactly(at(3, 1));
    assertThat(replica.isArmed(TimerKind.STATUS)).isTrue();
  }

  @Test
  @DisplayName("A replica that stands still is told what has committed; f+1 such claims decide")
  void aLaggardCatchesUpFromClaimsAndBodies() {
    replica.orderedUpTo(2);
    replica.from(3, at(0, 3));
    assertThat(replica.sentTo(3, Committed.class)).as("it may be on its way").isEmpty();
    replica.from(3, at(0, 3));
    Committed claims = replica.sentTo(3, Committed.class).get(0);
    assertThat(claims.digests()).hasSize(2);

    Scene laggard = Scene.of(3);
    laggard.from(1, claims);
    assertThat(laggard.sent(FetchBatch.class)).as("one claim decides nothing").isEmpty();
    laggard.from(2, new Committed(1, claims.digests(), 2));
    assertThat(laggard.sent(FetchBatch.class)).hasSize(2);
    List<FetchBatch> fetches = laggard.sent(FetchBatch.class);
    for (FetchBatch fetch : fetches) {
      replica.from(3, fetch);
      laggard.from(1, replica.sentTo(3, BatchBody.class).get(0));
    }
    assertThat(laggard.executed()).containsExactly("op1", "op2");
  }

  @Test
  @DisplayName(
      "Claims count by sender: one traitor repeating itself, or changing its mind, decides nothing")
  void claimsCountBySender() {
    Digest lie = Digest.of(new byte[] {1});
    for (int i = 0; i < 3; i++) {
      replica.from(2, new Committed(1, List.of(lie), 2));
    }
    replica.from(2, new Committed(1, List.of(Digest.ZERO), 2));
    replica.from(3, new Committed(1, List.of(lie), 3));
    assertThat(replica.sent(FetchBatch.class)).isEmpty();
  }

  @Test
  void claimsOutsideTheWindowAreIgnored() {
    List<Digest> many = Collections.nCopies(100, Digest.of(new byte[] {1}));
    replica.claimsAll(1, many, 2, 3);
    assertThat(replica.status().logSize()).isEqualTo(8);
    replica.claimsAll(1L << 60, many, 2, 3);
    assertThat(replica.status().logSize()).isEqualTo(8);
  }

  @Test
  void lostVotesAreSentAgainToWhoStandsStill() {
    Batch batch = replica.batch(request(0, 1, 1, "a"));
    replica.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    replica.from(3, at(0, 3)).from(3, at(0, 3));
    assertThat(replica.sentTo(3, Prepare.class)).hasSize(1);
    assertThat(replica.sentTo(3, Commit.class)).hasSize(1);
  }

  @Test
  void aLostProposalIsSentAgainByThePrimary() {
    Scene primary = Scene.of(0);
    primary.fromClient(primary.signed(request(0, 1, 1, "a")));
    primary.from(3, at(0, 3)).from(3, at(0, 3));
    assertThat(primary.sentTo(3, PrePrepare.class)).hasSize(1);
  }

  private static String large(int megabytes) {
    return "x".repeat(megabytes * 1024 * 1024);
  }

  @Test
  @DisplayName("Of large proposals one or two a tick: they may only be slow")
  void largeProposalsAreNotAllSentAgain() {
    Scene primary = Scene.of(0);
    for (int i = 1; i <= 4; i++) {
      primary.fromClient(primary.signed(request(0, 1, i, "x".repeat(600_000))));
    }
    primary.from(3, at(0, 3)).from(3, at(0, 3));
    assertThat(primary.sentTo(3, PrePrepare.class))
        .extracting(PrePrepare::sequence)
        .containsExactly(1L, 2L);
    primary.fire(TimerKind.STATUS).from(3, at(0, 3));
    assertThat(primary.sentTo(3, PrePrepare.class)).hasSize(2);
  }

  @Test
  @DisplayName("Large bodies fill no link: what exceeds a tick's is asked for again")
  void largeBodiesAreBoundedInBytes() {
    List<FetchBatch> fetches = new ArrayList<>();
    for (long s = 1; s <= 8; s++) {
      Batch batch =
          replica.batch(request(0, 1, 2 * s - 1, large(1)), request(0, 1, 2 * s, large(1)));
      replica.ordered(s, batch);
      fetches.add(new FetchBatch(s, batch.digest(), 3));
    }
    for (FetchBatch fetch : fetches) {
      assertThat(replica.from(3, fetch).sentTo(3, BatchBody.class)).hasSize(1);
    }
    assertThat(replica.from(3, fetches.get(0)).sentTo(3, BatchBody.class)).isEmpty();
    assertThat(replica.deferred()).containsExactly(Reason.PEER_THROTTLED);
    assertThat(replica.refused()).isEmpty();
    replica.fire(TimerKind.STATUS).from(3, fetches.get(0));
    assertThat(replica.sentTo(3, BatchBody.class)).hasSize(1);
  }

  private static Status inView(long view, long executed, int who) {
    return new Status(view, true, 0, executed, 0, who);
  }

  @Test
  @DisplayName(
      "Who has executed a slot in an earlier view is sent the votes that it needs to commit it again")
  void whoIsFurtherIsSentTheVotesThatItLacksWhereOthersWait() {
    Batch batch = replica.batchOf(1);
    replica.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    ViewChange[] prepared =
        replica
            .others()
            .map(i -> Changes.of(2, i).held(0, Digest.ZERO).prepared(1, batch.digest(), 0).done())
            .toArray(ViewChange[]::new);
    replica.entersView(2, prepared);
    replica.fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    replica.from(3, inView(2, 1, 3)).from(3, inView(2, 1, 3));
    assertThat(replica.sentTo(3, Prepare.class)).as("slot 1 waits for its commit").hasSize(1);
    replica.commits(1, batch.digest(), 3).from(3, inView(2, 1, 3));
    assertThat(replica.sentTo(3, Prepare.class)).as("which is here").isEmpty();
  }

  @Test
  void whoIsFurtherIsSentNoVotesWhenNobodyWaits() {
    replica.orderedUpTo(1);
    replica.fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    replica.from(2, at(1, 2)).from(2, at(1, 2)).from(3, at(2, 3)).from(3, at(2, 3));
    assertThat(replica.sent(Prepare.class)).isEmpty();
    assertThat(replica.sent(Commit.class)).isEmpty();
  }

  @Test
  void aReplicaInAnOlderViewIsSentTheNewView() {
    replica.entersView(2).from(3, at(0, 3));
    assertThat(replica.sentTo(3, Relay.class))
        .singleElement()
        .satisfies(relay -> assertThat(relay.envelopes()).hasSize(1));
  }

  @Test
  @DisplayName(
      "Checkpoint votes that were lost are sent again: a full window does not stand still for ever")
  void lostCheckpointVotesAreRepeated() {
    replica.orderedUpTo(8);
    replica.from(3, at(8, 3)).from(3, at(8, 3));
    Relay votes = replica.sentTo(3, Relay.class).get(0);
    Scene other = Scene.of(3).orderedUpTo(8).from(1, votes);
    Scene third = Scene.of(2).orderedUpTo(8);
    third.from(3, at(8, 3)).from(3, at(8, 3));
    other.from(2, third.sentTo(3, Relay.class).get(0));
    assertThat(other.status().stableCheckpoint()).isEqualTo(8);
  }

  @Test
  @DisplayName("A relay is used up to its first forgery, which is its sender's fault")
  void goodPartsOfARelayCountUpToAForgedOne() {
    replica.orderedUpTo(8);
    replica.from(3, at(8, 3)).from(3, at(8, 3));
    Relay good = replica.sentTo(3, Relay.class).get(0);
    Envelope forged = new Envelope(good.envelopes().get(0).content(), new byte[64]);
    Scene other = Scene.of(3).orderedUpTo(8);
    other.from(2, new Relay(List.of(good.envelopes().get(1), forged, forged), 2));
    assertThat(other.refused()).containsExactly(Reason.BAD_AUTH);
    other.from(0, new Honest(other.config(), 8).checkpoint(8, 0));
    assertThat(other.status().stableCheckpoint()).as("0, 2 and 3 vouch").isEqualTo(8);
  }

  @Test
  void bodiesThatAreNotHereAreNotAnswered() {
    replica.from(3, new FetchBatch(1, Digest.ZERO, 3));
    assertThat(replica.effects()).isEmpty();
    replica.from(3, new FetchBatch(1L << 60, Digest.ZERO, 3));
    assertThat(replica.effects()).isEmpty();
    replica.from(3, new FetchBatch(1, Batch.NULL.digest(), 3));
    assertThat(replica.effects()).isEmpty();
  }

  @Test
  void aReplicaThatAsksForTooManyBodiesIsThrottledUntilTheNextTick() {
    replica.orderedUpTo(1);
    Digest digest = replica.batchOf(1).digest();
    for (int i = 0; i < 512; i++) {
      replica.from(3, new FetchBatch(1, digest, 3));
    }
    assertThat(replica.sentTo(3, BatchBody.class)).hasSize(1);
    replica.from(3, new FetchBatch(1, digest, 3));
    assertThat(replica.refused()).containsExactly(Reason.PEER_THROTTLED);
    replica.from(2, new FetchBatch(1, digest, 2));
    assertThat(replica.sentTo(2, BatchBody.class)).as("others have their own budget").hasSize(1);
    replica.fire(TimerKind.STATUS).from(3, new FetchBatch(1, digest, 3));
    assertThat(replica.sentTo(3, BatchBody.class)).hasSize(1);
  }

  @Test
  @DisplayName(
      "A small STATUS may be answered with many batches: only a few times between two ticks")
  void aReplicaThatKeepsAskingForHelpIsThrottledUntilTheNextTick() {
    replica.orderedUpTo(8);
    int helped = 0;
    for (int i = 0; i < 50; i++) {
      helped += replica.from(3, at(0, 3)).effects(Effect.Send.class).isEmpty() ? 0 : 1;
    }
    assertThat(helped).isLessThanOrEqualTo(4);
    assertThat(replica.deferred()).containsExactly(Reason.PEER_THROTTLED);
    assertThat(replica.from(2, at(0, 2)).from(2, at(0, 2)).effects(Effect.Send.class)).isNotEmpty();
    replica.fire(TimerKind.STATUS).from(3, at(0, 3));
    assertThat(replica.effects(Effect.Send.class)).isNotEmpty();
  }
}
