package io.pbft.core.viewchange;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Event;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Scene;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A dead primary's lost links speak before the request timer does")
class LostPrimaryTest {
  private static final int PATIENCE = 300 / 8 + 1;

  private final Scene backup = Scene.of(2);

  @Test
  void whenRequestsWaitAndTwoHaveLostItTheyLeaveTogether() {
    linkWithPrimary(true).waitingRequest();
    linkWithPrimary(false).backup.pass(PATIENCE).from(3, lost(0, 3));
    assertThat(backup.broadcast(ViewChange.class))
        .singleElement()
        .satisfies(v -> assertThat(v.view()).isEqualTo(1));
  }

  @Test
  void oneAloneComplainsAndStays() {
    linkWithPrimary(true).waitingRequest();
    linkWithPrimary(false).backup.fire(TimerKind.STATUS);
    assertThat(backup.broadcast(Status.class))
        .last()
        .satisfies(s -> assertThat(s.complaint()).isEqualTo(Complaint.PRIMARY_LOST));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();

    backup.from(1, lost(1, 1));
    assertThat(backup.broadcast(ViewChange.class)).as("of another view").isEmpty();
    backup.from(1, new Status(0, true, 0, 0, 0, Complaint.UNVOUCHED, 1));
    assertThat(backup.broadcast(ViewChange.class)).as("of something else").isEmpty();
    backup.from(1, lost(0, 1)).from(1, new Status(0, true, 0, 0, 0, 1));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  void othersComplaintsMoveNobodyWhoHasTheLink() {
    linkWithPrimary(true).waitingRequest().pass(PATIENCE).from(1, lost(0, 1)).from(3, lost(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  void aLinkThatComesBackSoonWasNeverLost() {
    linkWithPrimary(true).waitingRequest();
    linkWithPrimary(false).backup.pass(PATIENCE - 2).from(3, lost(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    linkWithPrimary(true).backup.pass(PATIENCE).from(3, lost(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  @DisplayName("With nothing to order a view change would be for nothing")
  void whileNothingWaitsNobodyLeaves() {
    linkWithPrimary(true).linkWithPrimary(false).backup.pass(PATIENCE).from(3, lost(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
    waitingRequest().fire(TimerKind.STATUS);
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  @DisplayName("A primary that has never been connected may be about to start")
  void whatWasNeverThereIsNotLost() {
    waitingRequest().pass(PATIENCE).from(1, lost(0, 1)).from(3, lost(0, 3));
    assertThat(backup.broadcast(ViewChange.class)).isEmpty();
  }

  @Test
  void thePrimarysOwnLinksDoNotCount() {
    Scene primary = Scene.of(0);
    primary.act(new Event.LinkChanged(primary.now(), 1, true));
    primary.act(new Event.LinkChanged(primary.now(), 1, false));
    primary.fromClient(primary.signed(request(0, 1, 1, "a")));
    primary.pass(PATIENCE).from(2, lost(0, 2)).from(3, lost(0, 3));
    assertThat(primary.broadcast(ViewChange.class)).isEmpty();
  }

  private LostPrimaryTest linkWithPrimary(boolean up) {
    backup.act(new Event.LinkChanged(backup.now(), 0, up));
    return this;
  }

  private Scene waitingRequest() {
    return backup.fromClient(backup.signed(request(0, 1, 1, "a")));
  }

  private static Status lost(long view, int replica) {
    return new Status(view, true, 0, 0, 0, Complaint.PRIMARY_LOST, replica);
  }
}
