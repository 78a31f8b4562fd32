package io.pbft.core.viewchange;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replica 3 of 4: a backup in views 0, 1 and 2. f+1 is 2, a quorum 3. */
@DisplayName("Leaving a view (OSDI'99, section 4.4; liveness, section 4.5.2)")
class ViewChangeTest {
  private final Scene replica = Scene.of(3);
  private final Batch batch = replica.batch(request(0, 1, 1, "a"));

  private List<Long> asked() {
    return replica.broadcast(ViewChange.class).stream().map(ViewChange::view).toList();
  }

  private Scene seven(int id) {
    return Scene.of(id, Scene.config(7));
  }

  private Scene waitingForARequest() {
    return replica.fromClient(replica.signed(request(0, 1, 1, "a")));
  }

  // The request timer

  @Test
  void aRequestThatWaitsTooLongCostsThePrimaryItsPlace() {
    waitingForARequest();
    replica.fire(TimerKind.REQUEST);
    assertThat(asked()).as("half time: only reminds the primary").isEmpty();
    assertThat(replica.sentTo(0, RequestMessage.class)).hasSize(1);
    replica.fire(TimerKind.REQUEST).othersFindThePrimaryLate();
    assertThat(asked()).containsExactly(1L);
  }

  @Test
  void thePrimaryHasExactlyTheRequestTimeout() {
    long since = replica.now();
    waitingForARequest().fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    assertThat(replica.now() - since).isEqualTo(replica.config().requestTimeoutMillis());
  }

  @Test
  @DisplayName("A primary that holds no request to order is not punished")
  void withoutARequestNothingIsTimed() {
    assertThat(replica.isArmed(TimerKind.REQUEST)).isFalse();
    waitingForARequest().ordered(1, batch);
    replica.fire(TimerKind.REQUEST);
    assertThat(asked()).isEmpty();
    assertThat(replica.isArmed(TimerKind.REQUEST)).isFalse();
  }

  @Test
  void aPrimaryDoesNotAccuseItself() {
    Scene primary = Scene.of(0);
    primary.fromClient(primary.signed(request(0, 1, 1, "a")));
    assertThat(primary.isArmed(TimerKind.REQUEST)).isFalse();
  }

  @Test
  @DisplayName(
      "The timer follows the oldest request: an execution gives the next one its own full time")
  void theTimerFollowsTheOldestRequest() {
    waitingForARequest().pass(140);
    replica.fromClient(replica.signed(request(1, 1, 1, "b")));
    replica.ordered(1, batch);
    replica.fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    assertThat(asked()).as("300 ms after the first came, 160 after the second").isEmpty();
    replica.fire(TimerKind.REQUEST).othersFindThePrimaryLate();
    assertThat(asked()).containsExactly(1L);
  }

  @Test
  @DisplayName("Censorship: executing others' requests does not buy the primary time for this one")
  void progressForOthersDoesNotSaveAPrimaryThatCensorsOne() {
    replica.fromClient(replica.signed(request(2, 1, 1, "censored")));
    replica.pass(140).ordered(1, batch).fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    replica.othersFindThePrimaryLate();
    assertThat(asked()).containsExactly(1L);
  }

  @Test
  @DisplayName("A MAC'd request, which the primary may be unable to check, accuses nobody")
  void onlyWhatEverybodyCanCheckIsTimed() {
    replica.fromClient(replica.peers().maced(request(0, 1, 1, "a"), 3));
    assertThat(replica.isArmed(TimerKind.REQUEST)).isFalse();
  }

  @Test
  void aClientThatLeavesGapsAccusesNobody() {
    replica.fromClient(replica.signed(request(0, 1, 2, "second")));
    assertThat(replica.isArmed(TimerKind.REQUEST)).isFalse();
  }

  @Test
  @DisplayName("Timer events carry their generation: a stale one is ignored (Besu#1734)")
  void aStaleTimerIsIgnored() {
    waitingForARequest();
    long stale = replica.generation(TimerKind.REQUEST);
    replica.fire(TimerKind.REQUEST).pass(1_000);
    replica.act(new Event.TimerFired(replica.now(), TimerKind.REQUEST, stale));
    assertThat(replica.effects()).isEmpty();
    replica.act(new Event.TimerFired(replica.now(), TimerKind.VIEW_CHANGE, 999));
    assertThat(replica.effects()).isEmpty();
  }

  // Joining

  @Test
  @DisplayName("f traitors can't make anybody change views")
  void oneAskerIsNotEnough() {
    replica.from(1, Changes.fresh(1, 1));
    assertThat(asked()).isEmpty();
    assertThat(replica.status().active()).isTrue();
  }

  @Test
  void fPlusOneAskersTakeAReplicaWithThem() {
    replica.from(1, Changes.fresh(1, 1)).from(2, Changes.fresh(1, 2));
    assertThat(asked()).containsExactly(1L);
  }

  @Test
  @DisplayName(
      "They need not ask for the same view: it goes to the smallest (pbft-java, Themis, FISCO-BCOS)")
  void fPlusOneDifferentViewsAreEnough() {
    replica.from(1, Changes.fresh(5, 1)).from(2, Changes.fresh(9, 2));
    assertThat(asked()).containsExactly(5L);
    Scene seven = seven(6);
    seven.from(1, Changes.fresh(8, 1)).from(2, Changes.fresh(3, 2));
    assertThat(seven.broadcast(ViewChange.class)).isEmpty();
    seven.from(3, Changes.fresh(5, 3));
    assertThat(seven.broadcast(ViewChange.class)).extracting(ViewChange::view).containsExactly(3L);
  }

  @Test
  @DisplayName("More than f+1 count as well as exactly f+1, and one asker counts once")
  void askersCountBySender() {
    Scene seven = seven(6);
    seven.from(1, Changes.fresh(1, 1)).from(1, Changes.fresh(2, 1)).from(1, Changes.fresh(3, 1));
    assertThat(seven.view()).isZero();
    seven.from(2, Changes.fresh(7, 2)).from(3, Changes.fresh(7, 3));
    assertThat(seven.view()).isEqualTo(3);
    seven.from(4, Changes.fresh(7, 4));
    assertThat(seven.view()).as("2, 3 and 4 ask for more").isEqualTo(7);
  }

  @Test
  @DisplayName("One traitor's huge view drags nobody and overflows nothing (FISCO#2211)")
  void aViewBeyondAnyPlausibleOneIsRefused() {
    long gap = ViewChangeValidator.MAX_VIEW_GAP;
    replica.from(1, Changes.fresh(gap + 1, 1));
    assertThat(replica.refused()).containsExactly(Reason.VIEW_TOO_FAR);
    replica.from(1, Changes.fresh(gap, 1)).from(2, Changes.fresh(1, 2));
    assertThat(replica.view()).isEqualTo(1);
  }

  // While changing

  @Test
  @DisplayName(
      "After its VIEW-CHANGE a replica takes no pre-prepare, prepare or commit of a lower view")
  void theOldViewIsOver() {
    replica.prePrepare(1, batch);
    leave(1);
    replica.from(1, new Prepare(0, 1, batch.digest(), 1));
    assertThat(replica.deferred()).containsExactly(Reason.WRONG_VIEW);
    replica.from(1, new Commit(0, 1, batch.digest(), 1));
    assertThat(replica.deferred()).containsExactly(Reason.WRONG_VIEW);
    replica.from(0, new PrePrepare(0, 2, batch.digest(), batch, 0));
    assertThat(replica.deferred()).containsExactly(Reason.WRONG_VIEW);
    assertThat(replica.broadcast(Prepare.class)).isEmpty();
  }

  private void leave(long view) {
    replica.from(1, Changes.fresh(view, 1)).from(2, Changes.fresh(view, 2));
  }

  @Test
  void theViewChangeTellsWhatPreparedAndWhatWasPrePrepared() {
    Batch other = replica.batch(request(1, 1, 1, "b"));
    replica.prePrepare(1, batch).prepares(1, batch.digest(), 1).prePrepare(2, other);
    leave(1);
    ViewChange said = replica.broadcast(ViewChange.class).get(0);
    assertThat(said.prepared()).containsExactly(new ViewChange.Entry(1, batch.digest(), 0));
    assertThat(said.prePrepared())
        .containsExactly(
            new ViewChange.Entry(1, batch.digest(), 0), new ViewChange.Entry(2, other.digest(), 0));
    assertThat(said.stable()).isZero();
  }

  @Test
  void theFactIsPersistedBeforeTheViewChangeLeaves() {
    leave(1);
    List<Effect> effects =
        replica.effects().stream()
            .filter(e -> e instanceof Effect.Persist || e instanceof Effect.Broadcast)
            .toList();
    assertThat(effects.get(0))
        .isInstanceOfSatisfying(
            Effect.Persist.class,
            e -> assertThat(e.record()).isInstanceOf(LogRecord.LeftView.class));
    assertThat(effects.get(1)).isInstanceOf(Effect.Broadcast.class);
  }

  /** Whether each of the next ticks repeats the VIEW-CHANGE to a replica. */
  private List<Integer> repeatedTo(int other, int ticks) {
    List<Integer> repeated = new ArrayList<>();
    for (int tick = 1; tick <= ticks; tick++) {
      if (!replica.fire(TimerKind.STATUS).sentTo(other, ViewChange.class).isEmpty()) {
        repeated.add(tick);
      }
    }
    return repeated;
  }

  @Test
  @DisplayName(
      "VIEW-CHANGEs are repeated while the view has not come (Fabric#1917), and no longer (#2060)")
  void theViewChangeIsRepeatedUntilTheNewView() {
    leave(1);
    replica.fire(TimerKind.STATUS);
    assertThat(replica.sent(ViewChange.class)).extracting(ViewChange::view).containsOnly(1L);
    assertThat(repeatedTo(0, 4)).isNotEmpty();
    replica.entersView(1);
    assertThat(repeatedTo(0, 40)).isEmpty();
  }

  @Test
  @DisplayName("It is long: repeated on every tick, it would be all that a thin link carries (N15)")
  void thePausesBetweenRepetitionsDouble() {
    leave(1);
    assertThat(repeatedTo(0, 50)).containsExactly(1, 3, 7, 15, 31, 47);
    leave(2);
    assertThat(repeatedTo(0, 5)).as("another VIEW-CHANGE").containsExactly(1, 3);
  }

  @Test
  void itIsNotRepeatedToWhoHasEnteredTheViewOrIsFurther() {
    leave(2);
    replica.from(0, new Status(2, true, 0, 0, 0, 0)).from(1, new Status(3, false, 0, 0, 0, 1));
    replica.from(2, new Status(2, false, 0, 0, 0, 2)).fire(TimerKind.STATUS);
    assertThat(replica.sent(ViewChange.class)).hasSize(1);
    assertThat(replica.sentTo(2, ViewChange.class)).hasSize(1);
  }

  @Test
  void statusesOfTheSameViewAreNotAnsweredWithMoreOfThem() {
    leave(1);
    for (int i = 0; i < 4; i++) {
      replica.from(2, new Status(1, false, 0, 0, 0, 2));
      assertThat(replica.effects(Effect.Send.class)).isEmpty();
    }
  }

  @Test
  void aLinkThatComesBackIsSentItAtTheNextTick() {
    leave(1);
    assertThat(repeatedTo(0, 17)).containsExactly(1, 3, 7, 15);
    replica.act(new Event.LinkChanged(replica.now(), 0, true));
    assertThat(repeatedTo(0, 4)).containsExactly(1, 2, 4);
    assertThat(repeatedTo(1, 8)).as("the others as before").isEmpty();
  }

  @Test
  @DisplayName("A STATUS of an earlier view is answered with the NEW-VIEW, less and less often")
  void theNewViewIsNotSentWithEachStatus() {
    replica.entersView(1);
    List<Integer> answered = new ArrayList<>();
    for (int tick = 0; tick < 10; tick++) {
      boolean isAnswered = false;
      for (int i = 0; i < 3; i++) {
        replica.from(0, new Status(0, true, 0, 0, 0, 0));
        isAnswered |= !replica.sentTo(0, Relay.class).isEmpty();
      }
      if (isAnswered) {
        answered.add(tick);
      }
      replica.fire(TimerKind.STATUS);
    }
    assertThat(answered).containsExactly(0, 1, 3, 7);
  }

  @Test
  @DisplayName("The timer of the new view starts when q = 3 ask for it, own one counts")
  void theTimerStartsWithAQuorum() {
    waitingForARequest().fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    replica.othersFindThePrimaryLate().from(1, Changes.fresh(1, 1));
    assertThat(replica.isArmed(TimerKind.VIEW_CHANGE)).isFalse();
    replica.from(2, Changes.fresh(1, 2));
    assertThat(replica.isArmed(TimerKind.VIEW_CHANGE)).isTrue();
  }

  @Test
  @DisplayName("It doubles with every view that fails, up to the cap (Besu#7642)")
  void theTimeoutDoublesUpToItsCap() {
    Scene seven = seven(6);
    for (long expected : new long[] {400, 800, 1600, 1600, 1600}) {
      long next = seven.view() + 1;
      for (int i = 0; i < 4; i++) {
        seven.from(i, Changes.fresh(next, i));
      }
      assertThat(seven.delay(TimerKind.VIEW_CHANGE)).isEqualTo(expected);
      seven.fire(TimerKind.VIEW_CHANGE);
      assertThat(seven.view()).isEqualTo(next + 1);
    }
  }

  @Test
  void itIsShortAgainOnceARequestHasExecuted() {
    leave(1);
    replica.fire(TimerKind.VIEW_CHANGE);
    leave(2);
    assertThat(replica.delay(TimerKind.VIEW_CHANGE)).isEqualTo(800);
    replica.entersView(2).ordered(1, replica.batch(request(0, 1, 1, "a")));
    leave(3);
    assertThat(replica.delay(TimerKind.VIEW_CHANGE)).isEqualTo(400);
  }

  @Test
  @DisplayName("On a slow network a timeout that was needed is kept, or it would run out again")
  void itIsNotShorterThanRequestsTake() {
    leave(1);
    replica.fire(TimerKind.VIEW_CHANGE);
    leave(2);
    replica.fire(TimerKind.VIEW_CHANGE);
    leave(4);
    replica.entersView(4).fromClient(replica.signed(request(0, 1, 1, "a")));
    replica.pass(200).ordered(1, replica.batch(request(0, 1, 1, "a")));
    leave(5);
    assertThat(replica.delay(TimerKind.VIEW_CHANGE))
        .as("200 of 300 ms is too close, 200 of 600 is not")
        .isEqualTo(800);
    replica.entersView(5).ordered(2, replica.batch(request(0, 1, 2, "b")));
    leave(6);
    assertThat(replica.delay(TimerKind.VIEW_CHANGE)).isEqualTo(400);
  }

  @Test
  @DisplayName(
      "Timers are armed again in the new view (SmartBFT PR#477), with the full time for old requests")
  void theRequestTimerIsArmedInTheNewView() {
    waitingForARequest().fire(TimerKind.REQUEST).fire(TimerKind.REQUEST);
    replica.othersFindThePrimaryLate();
    assertThat(replica.isArmed(TimerKind.REQUEST)).isFalse();
    replica.pass(5_000).entersView(1);
    assertThat(replica.isArmed(TimerKind.VIEW_CHANGE)).isFalse();
    replica.fire(TimerKind.REQUEST);
    assertThat(asked()).isEmpty();
    replica.fire(TimerKind.REQUEST).othersFindThePrimaryLate();
    assertThat(asked()).containsExactly(2L);
  }

  @Test
  @DisplayName(
      "Nor is a request given less time than a view change: without progress that doubles, too")
  void inEachViewWithoutProgressARequestMayWaitTwiceAsLong() {
    Scene seven = seven(6);
    seven.fromClient(seven.signed(request(0, 1, 1, "a")));
    for (long half : new long[] {150, 150, 300, 600, 800, 800}) {
      assertThat(seven.delay(TimerKind.REQUEST)).isEqualTo(half);
      seven.fire(TimerKind.REQUEST).fire(TimerKind.REQUEST).othersFindThePrimaryLate();
      if (seven.view() < 6) {
        seven.entersView(seven.view());
      }
    }
    seven.entersView(7);
    seven.ordered(1, seven.batch(request(0, 1, 1, "a")));
    assertThat(seven.isArmed(TimerKind.REQUEST)).isFalse();
    seven.fromClient(seven.signed(request(0, 1, 2, "b")));
    assertThat(seven.delay(TimerKind.REQUEST)).isEqualTo(150);
  }

  @Test
  @DisplayName(
      "A stale view-change is answered with the new-view, so that views meet again (celo#706)")
  void whoAsksForAViewThatHasComeIsSentItsNewView() {
    replica.entersView(2);
    replica.from(0, Changes.fresh(1, 0));
    assertThat(replica.deferred()).containsExactly(Reason.WRONG_VIEW);
    Relay answer = replica.sentTo(0, Relay.class).get(0);
    Scene behind = Scene.of(0).from(3, answer);
    assertThat(behind.observed(Observation.ViewEntered.class)).isEmpty();
    for (int i = 1; i <= 3; i++) {
      behind.from(i, Changes.fresh(2, i));
    }
    assertThat(behind.status().active()).isTrue();
    assertThat(behind.view()).isEqualTo(2);
  }

  @Test
  void whoAsksForAnEarlierViewThanThisReplicaIsSentItsViewChangeAgain() {
    leave(5);
    replica.from(0, Changes.fresh(2, 0));
    assertThat(replica.effects(Effect.Send.class)).as("the first is under way").isEmpty();
    replica.fire(TimerKind.STATUS);
    assertThat(replica.sentTo(0, ViewChange.class))
        .extracting(ViewChange::view)
        .containsExactly(5L);
  }

  @Test
  void twoDifferentViewChangesForOneViewAreReported() {
    replica.from(1, Changes.fresh(1, 1)).from(1, Changes.of(1, 1).done());
    assertThat(replica.refused()).containsExactly(Reason.CONFLICTING_VIEW_CHANGE);
    assertThat(replica.observed(Observation.Equivocation.class)).hasSize(1);
  }

  @Test
  void viewChangesThatContradictThemselvesAreRefused() {
    ViewChange.Entry atH = new ViewChange.Entry(4, batch.digest(), 0);
    for (ViewChange bad :
        List.of(
            Changes.of(0, 1).done(),
            Changes.of(1, 1).stableAt(3).done(),
            Changes.of(1, 1).stableAt(4).held(0, batch.digest()).done(),
            Changes.of(1, 1).held(12, batch.digest()).held(16, batch.digest()).done(),
            Changes.of(1, 1).held(3, batch.digest()).done(),
            Changes.of(1, 1).prepared(9, batch.digest(), 0).done(),
            Changes.of(1, 1).prepared(1, batch.digest(), 1).done(),
            Changes.of(1, 1).stableAt(4).prePrepared(atH.sequence(), atH.digest(), 0).done())) {
      replica.from(1, bad);
      assertThat(replica.refused()).as(bad.toString()).containsExactly(Reason.MALFORMED);
    }
  }

  @Test
  void aRelayedNewViewIsAsGoodAsADirectOne() {
    List<ViewChange> support =
        List.of(Changes.fresh(1, 0), Changes.fresh(1, 1), Changes.fresh(1, 2));
    support.forEach(m -> replica.from(m.replica(), m));
    NewView newView = Changes.newView(replica, support);
    replica.from(2, new Relay(List.of(replica.peers().seal(1, newView)), 2));
    assertThat(replica.observed(Observation.ViewEntered.class))
        .containsExactly(new Observation.ViewEntered(1, 1));
  }
}
