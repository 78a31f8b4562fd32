package io.pbft.core.viewchange;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.TimerKind;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Scene;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A replica that waits too long says so, and leaves with f+1 that say the same")
class LatePrimaryTest {
  private final Scene backup = Scene.of(2);

  private Scene waitsTooLong() {
    backup.fromClient(backup.signed(request(0, 1, 1, "a")));
    return backup.fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
  }

  private static Status says(Complaint complaint, int replica) {
    return new Status(0, true, 0, 0, 0, complaint, replica);
  }

  @Test
  @DisplayName("Everything is late where a replica itself is: alone it stays, and goes on voting")
  void oneAloneSaysSoAtOnceAndGoesOnVoting() {
    waitsTooLong();
    assertThat(backup.broadcast(Status.class))
        .singleElement()
        .satisfies(s -> assertThat(s.complaint()).isEqualTo(Complaint.PRIMARY_LATE));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    backup.prePrepare(1, backup.batch(request(0, 1, 1, "a")));
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void withAnotherThatSaysTheSameItLeavesAtOnce() {
    waitsTooLong().from(3, says(Complaint.PRIMARY_LATE, 3));
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  void whoHasHeardTheOtherBeforeNeedsNoTick() {
    backup.from(3, says(Complaint.PRIMARY_LATE, 3));
    assertThat(waitsTooLong().broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  @DisplayName("A lost link accuses the same primary; what can't be vouched for does not")
  void complaintsAboutThePrimaryAddUp() {
    waitsTooLong().from(3, says(Complaint.UNVOUCHED, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    backup.from(3, says(Complaint.PRIMARY_LOST, 3));
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  void othersComplaintsMoveNobodyWhoDoesNotWait() {
    backup.from(1, says(Complaint.PRIMARY_LATE, 1)).from(3, says(Complaint.PRIMARY_LATE, 3));
    backup.fire(TimerKind.STATUS);
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  @DisplayName("A complaint may have been lost: who has left the view had one")
  void whoHasLeftCountsToo() {
    waitsTooLong().from(3, Changes.fresh(1, 3));
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  @DisplayName("What has been said stands until the next status: others may have left on it")
  void aWordIsKeptUntilTheNextStatus() {
    waitsTooLong().ordered(1, backup.batch(request(0, 1, 1, "a")));
    backup.from(3, Changes.fresh(1, 3));
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  @DisplayName(
      "Also later: who has left on it would stay outside alone, for as long as the view lasts")
  void aWordIsAPromiseToWhoHasLeft() {
    waitsTooLong().ordered(1, backup.batch(request(0, 1, 1, "a")));
    backup.fire(TimerKind.STATUS).fire(TimerKind.STATUS);
    backup.from(3, Changes.fresh(1, 3));
    assertThat(backup.broadcast(ViewChange.class)).extracting(ViewChange::view).containsExactly(1L);
  }

  @Test
  @DisplayName(
      "n = 7, f = 2: one that has left and another that has promised, or f alone could depose a primary")
  void aPromiseNeedsTheSupportThatAComplaintNeeds() {
    Scene seven = Scene.of(6, Scene.config(7));
    seven.fromClient(seven.signed(request(0, 1, 1, "a")));
    seven.fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    seven.ordered(1, seven.batch(request(0, 1, 1, "a"))).fire(TimerKind.STATUS);
    seven.from(1, Changes.fresh(1, 1));
    assertThat(seven.broadcast(ViewChange.class)).isEmpty();
    seven.from(2, says(Complaint.PRIMARY_LATE, 2));
    assertThat(seven.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  void whoHasPromisedNothingIsNotMovedByOneThatLeaves() {
    backup.from(3, Changes.fresh(1, 3)).fire(TimerKind.STATUS);
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  void whatIsOverIsTakenBackWithTheNextStatus() {
    waitsTooLong().ordered(1, backup.batch(request(0, 1, 1, "a")));
    backup.fire(TimerKind.STATUS);
    assertThat(backup.broadcast(Status.class))
        .last()
        .satisfies(s -> assertThat(s.complaint()).isEqualTo(Complaint.NONE));
    backup.from(3, says(Complaint.PRIMARY_LATE, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  void asLongAsItWaitsItRemindsThePrimary() {
    waitsTooLong();
    assertThat(backup.sentTo(0, RequestMessage.class)).hasSize(1);
    backup.fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).hasSize(1);
    assertThat(backup.broadcast(Status.class)).hasSize(1);
  }

  @Test
  @DisplayName("At half of the timeout all that wait are forwarded, not the oldest alone")
  void allThatHaveWaitedForHalfTheTimeAreForwarded() {
    for (int client = 0; client < 3; client++) {
      backup.fromClient(backup.signed(request(client, 1, 1, "a"))).pass(10);
    }
    backup.pass(120).fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).as("since 150, 140 and 130 ms").hasSize(1);
    backup.fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).hasSize(2);
    backup.fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).as("the oldest, which is late").hasSize(1);
  }

  @Test
  @DisplayName(
      "Whose turn comes late because others' came first is not late: load is nobody's fault")
  void aQueueThatMovesOnAccusesNobody() {
    queue(3);
    backup.pass(250).ordered(1, backup.batch(request(0, 1, 1, "a")));
    backup.pass(250).ordered(2, backup.batch(request(1, 1, 1, "a"))).pass(250);
    backup.fire(TimerKind.REQUEST);
    assertThat(backup.broadcast(Status.class)).isEmpty();
    backup.pass(100).fire(TimerKind.REQUEST);
    assertThat(backup.broadcast(Status.class)).as("its own turn has lasted 350 ms").hasSize(1);
  }

  @Test
  void ofLargeRequestsAMegabyteAtATimeIsForwarded() {
    String large = "x".repeat(400_000);
    for (int client = 0; client < 4; client++) {
      backup.fromClient(backup.signed(request(client, 1, 1, large)));
    }
    assertThat(backup.fire(TimerKind.REQUEST).sentTo(0, RequestMessage.class)).hasSize(2);
    assertThat(backup.fire(TimerKind.REQUEST).sentTo(0, RequestMessage.class)).hasSize(2);
  }

  @Test
  void whileAQueueMovesOnNothingIsForwarded() {
    queue(2);
    backup.pass(140).ordered(1, backup.batch(request(0, 1, 1, "a")));
    backup.pass(20).fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).isEmpty();
    backup.pass(130).fire(TimerKind.REQUEST);
    assertThat(backup.sentTo(0, RequestMessage.class)).hasSize(1);
  }

  @Test
  @DisplayName("Or others' requests, one just before each timeout, could hold one up for ever")
  void nobodyWaitsForMoreThanEightTimeouts() {
    Scene wide = Scene.of(2, Scene.config(4).toBuilder().logWindow(64).build());
    for (int i = 0; i < 12; i++) {
      wide.fromClient(wide.signed(request(i % 4, 1 + i / 4, 1, "a")));
    }
    int turns = 0;
    while (wide.broadcast(Status.class).isEmpty() && turns < 11) {
      wide.pass(290).ordered(turns + 1, wide.batch(request(turns % 4, 1 + turns / 4, 1, "a")));
      wide.fire(TimerKind.REQUEST);
      turns++;
    }
    assertThat(turns).as("turns of 290 ms in eight times 300").isEqualTo(9);
  }

  @Test
  @DisplayName("A primary that passes over one, and serves those behind it, is late as ever")
  void whatIsServedOutOfTurnIsNoProgress() {
    queue(3);
    backup.pass(150).ordered(1, backup.batch(request(1, 1, 1, "a")));
    backup.pass(100).ordered(2, backup.batch(request(2, 1, 1, "a")));
    backup.pass(50).fire(TimerKind.REQUEST);
    assertThat(backup.broadcast(Status.class)).hasSize(1);
  }

  private void queue(int clients) {
    for (int client = 0; client < clients; client++) {
      backup.fromClient(backup.signed(request(client, 1, 1, "a")));
    }
  }

  @Test
  @DisplayName("n = 7, f = 2: three must say so")
  void fAreNotEnough() {
    Scene seven = Scene.of(6, Scene.config(7));
    seven.fromClient(seven.signed(request(0, 1, 1, "a")));
    seven.fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    seven.from(1, says(Complaint.PRIMARY_LATE, 1));
    assertThat(seven.broadcast(ViewChange.class)).isEmpty();
    seven.from(2, says(Complaint.PRIMARY_LATE, 2));
    assertThat(seven.broadcast(ViewChange.class)).hasSize(1);
  }
}
