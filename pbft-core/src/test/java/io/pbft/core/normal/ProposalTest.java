package io.pbft.core.normal;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.TimerKind;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Scene;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a backup accepts of a proposal's content")
class ProposalTest {
  private final Scene backup = Scene.of(1);

  @Test
  @DisplayName("The agreed time is at most the allowed skew off the backup's clock, either way")
  void aTimeFarFromTheBackupsClockIsRefused() {
    List<AuthenticatedRequest> requests = List.of(backup.signed(request(0, 1, 1, "a")));
    long skew = backup.config().maxClockSkewMillis();
    backup.prePrepare(1, new Batch(backup.now() + skew + 1, requests));
    assertThat(backup.refused()).containsExactly(Reason.BAD_NONDET);
    backup.prePrepare(1, new Batch(backup.now() - skew - 1, requests));
    assertThat(backup.refused()).containsExactly(Reason.BAD_NONDET);
    backup.prePrepare(1, new Batch(backup.now() - skew, requests));
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void oneRequestTwiceInABatchIsRefused() {
    Request a = request(0, 1, 1, "a");
    backup.prePrepare(1, backup.batch(a, a));
    assertThat(backup.refused()).containsExactly(Reason.DUPLICATE_REQUEST);
  }

  @Test
  void aRequestThatWasExecutedIsRefused() {
    backup.orderedUpTo(1);
    backup.prePrepare(2, backup.batch(request(0, 1, 1, "op1")));
    assertThat(backup.refused()).containsExactly(Reason.STALE_REQUEST);
  }

  @Test
  @DisplayName("Of empty batches only the null batch: a primary whose log is full needs it")
  void aBatchOfNothingIsTheNullBatch() {
    backup.prePrepare(1, backup.batch());
    assertThat(backup.refused()).containsExactly(Reason.MALFORMED);
    backup.prePrepare(1, Batch.NULL);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  @DisplayName("A MAC vector that is wrong here: prepared only when f+1 others vouch for the batch")
  void aRequestThatCannotBeCheckedHereWaitsForVouchers() {
    Batch batch = macedFor(0, 2, 3);
    backup.prePrepare(1, batch);
    assertThat(backup.deferred()).containsExactly(Reason.UNVERIFIABLE_REQUEST);
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
    backup.prepares(1, batch.digest(), 2);
    assertThat(backup.broadcast(Prepare.class)).as("0 and 2 are f+1").hasSize(1);
  }

  @Test
  @DisplayName("f traitors, the primary among them, are not enough to vouch (n = 7, f = 2)")
  void fVouchersAreNotEnough() {
    Scene seven = Scene.of(1, Scene.config(7));
    Batch batch =
        new Batch(seven.now(), List.of(seven.peers().maced(request(0, 1, 1, "forged"), 0, 2)));
    seven.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    assertThat(seven.broadcast(Prepare.class)).isEmpty();
    seven.prepares(1, batch.digest(), 3);
    assertThat(seven.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  @DisplayName(
      "Big MAC attack (Aardvark, NSDI 2009): when f+1 have no vouchers, the view goes on to v+n, same primary")
  void oneClientsBadMacsDoNotDeposeThePrimary() {
    backup.prePrepare(1, macedFor(0)).fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    backup.from(2, unvouched(0, 2));
    assertThat(backup.broadcast(ViewChange.class))
        .singleElement()
        .satisfies(v -> assertThat(v.view()).isEqualTo(4))
        .satisfies(v -> assertThat(v.view() % 4).isZero());
  }

  @Test
  @DisplayName("A replica that has not heard its vouchers does not leave its view alone")
  void whoWaitsAloneForVouchersSaysSoAndStays() {
    backup.prePrepare(1, macedFor(0)).fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    assertThat(backup.broadcast(Status.class))
        .last()
        .satisfies(s -> assertThat(s.complaint()).isEqualTo(Complaint.UNVOUCHED));
    backup.from(2, new Status(0, true, 0, 0, 0, 2)).from(3, unvouched(1, 3));
    backup.fire(TimerKind.STATUS);
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    backup.from(3, unvouched(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  @DisplayName("Who has left for v+1 has another reason, and would be passed by")
  void whoDeposesThePrimaryIsNoSupportForAWait() {
    backup.prePrepare(1, macedFor(0)).fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    backup.from(2, Changes.of(1, 2).done());
    backup.fire(TimerKind.STATUS);
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    backup.from(3, Changes.of(1, 3).done());
    assertThat(backup.broadcast(ViewChange.class)).extracting(ViewChange::view).containsExactly(1L);
  }

  @Test
  void whoHasLeftOnTheSameWaitSupportsIt() {
    backup.prePrepare(1, macedFor(0)).fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    backup.from(2, Changes.of(4, 2).done());
    assertThat(backup.broadcast(ViewChange.class)).extracting(ViewChange::view).containsExactly(4L);
  }

  @Test
  @DisplayName("Whose wait another has left on follows, also from a later view")
  void aWaitIsAPromise() {
    Batch batch = macedFor(0);
    backup.prePrepare(1, batch).fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    backup.prepares(1, batch.digest(), 1).commits(1, batch.digest(), 0, 1).fire(TimerKind.STATUS);
    backup.from(3, Changes.fresh(1, 3));
    assertThat(backup.broadcast(ViewChange.class)).as("another reason").isEmpty();
    backup.from(3, Changes.fresh(4, 3));
    assertThat(backup.broadcast(ViewChange.class)).extracting(ViewChange::view).containsExactly(4L);
  }

  @Test
  @DisplayName("Others' word that they wait moves nobody who does not")
  void whoDoesNotWaitIsNotMovedByThoseWhoDo() {
    backup.from(2, unvouched(0, 2)).from(3, unvouched(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    backup.prePrepare(1, macedFor(0)).from(2, unvouched(0, 2));
    assertThat(backup.broadcast(ViewChange.class)).as("it has only begun to wait").isEmpty();
    backup.fire(TimerKind.STATUS);
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  @DisplayName("After v+n must sign who is in what stalls, not who has just been proposed")
  void whoHasJustBeenProposedNeedNotSign() {
    Scene primary = Scene.of(0);
    primary.fromClient(maced(primary, 2, 1));
    primary.pass(primary.config().requestTimeoutMillis() / 4);
    primary.fromClient(maced(primary, 3, 1));
    assertThat(primary.broadcast(PrePrepare.class)).hasSize(1);
    primary.from(2, Changes.of(4, 2).done()).from(3, Changes.of(4, 3).done());
    assertThat(primary.broadcast(ViewChange.class)).extracting(ViewChange::view).containsOnly(4L);
    primary.fromClient(maced(primary, 3, 2));
    assertThat(primary.refused()).isEmpty();
    primary.fromClient(maced(primary, 2, 2));
    assertThat(primary.refused()).containsExactly(Reason.BAD_CLIENT_AUTH);
  }

  private static AuthenticatedRequest maced(Scene scene, int client, long timestamp) {
    return scene.peers().maced(request(client, 1, timestamp, "op"), 0, 1, 2, 3);
  }

  private static Status unvouched(long view, int replica) {
    return new Status(view, true, 0, 0, 0, Complaint.UNVOUCHED, replica);
  }

  private Batch macedFor(int... replicas) {
    return new Batch(backup.now(), List.of(backup.peers().maced(request(0, 1, 1, "a"), replicas)));
  }

  @Test
  void aRequestUnderAWrongSignatureSpoilsTheWholeProposalAtTheDoor() {
    AuthenticatedRequest good = backup.signed(request(0, 1, 1, "a"));
    AuthenticatedRequest forged =
        new AuthenticatedRequest(request(0, 1, 1, "b"), good.authenticator());
    Batch batch = new Batch(backup.now(), List.of(forged));
    assertThat(backup.refusalOf(0, batch)).isEqualTo(Reason.BAD_CLIENT_AUTH);
  }
}
