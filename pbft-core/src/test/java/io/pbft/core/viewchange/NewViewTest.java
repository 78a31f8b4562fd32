package io.pbft.core.viewchange;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Effect;
import io.pbft.core.Observation;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Commit;
import io.pbft.core.message.FetchBatch;
import io.pbft.core.message.FetchViewChange;
import io.pbft.core.message.NewView;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.core.scene.Scene;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** View 1, whose primary is replica 1, as replica 3 sees it, or as replica 1 makes it. */
@DisplayName("Starting a new view (TOCS, section 4.5)")
class NewViewTest {
  private final Scene backup = Scene.of(3);
  private final Batch batch = backup.batch(request(0, 1, 1, "a"));

  /** Everybody but {@code me} asks for view 1, having prepared {@link #batch} at 1. */
  private List<ViewChange> prepared(int me) {
    List<ViewChange> messages = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      if (i != me) {
        messages.add(Changes.of(1, i).held(0, Digest.ZERO).prepared(1, batch.digest(), 0).done());
      }
    }
    return messages;
  }

  private static List<ViewChange> fresh(int... replicas) {
    return java.util.Arrays.stream(replicas).mapToObj(i -> Changes.fresh(1, i)).toList();
  }

  private void hears(List<ViewChange> messages) {
    messages.forEach(m -> backup.from(m.replica(), m));
  }

  // The new primary

  @Test
  void thePrimaryStartsTheViewOnceAQuorumDeterminesIt() {
    Scene primary = Scene.of(1).from(0, Changes.fresh(1, 0));
    assertThat(primary.broadcast(NewView.class)).isEmpty();
    primary.from(2, Changes.fresh(1, 2));
    NewView said = primary.broadcast(NewView.class).get(0);
    assertThat(said.support()).extracting(NewView.Support::author).containsExactly(0, 1, 2);
    assertThat(primary.status().active()).isTrue();
    assertThat(primary.effects(Effect.Persist.class))
        .last()
        .satisfies(e -> assertThat(e.record()).isInstanceOf(LogRecord.EnteredView.class));
  }

  @Test
  @DisplayName("A3: it needs the body of what it re-proposes, and fetches it by digest")
  void thePrimaryFetchesTheBodiesItLacks() {
    Scene primary = Scene.of(1);
    prepared(1).forEach(m -> primary.from(m.replica(), m));
    assertThat(primary.broadcast(NewView.class)).isEmpty();
    assertThat(primary.sent(FetchBatch.class)).contains(new FetchBatch(1, batch.digest(), 1));
    primary.body(2, 1, batch);
    assertThat(primary.broadcast(NewView.class)).hasSize(1);
  }

  @Test
  @DisplayName("What it had for requests of its own is proposed after what the view has chosen")
  void waitingRequestsAreProposedInTheNewView() {
    Scene primary = Scene.of(1);
    primary.fromClient(primary.signed(request(2, 1, 1, "waits")));
    primary.prePrepare(1, batch).prepares(1, batch.digest(), 2);
    prepared(1).forEach(m -> primary.from(m.replica(), m));
    assertThat(primary.broadcast(PrePrepare.class)).isEmpty();
    assertThat(primary.view()).isEqualTo(1);
    Scene other = Scene.of(1);
    other.fromClient(other.signed(request(2, 1, 1, "waits"))).from(0, Changes.fresh(1, 0));
    other.from(2, Changes.fresh(1, 2));
    assertThat(other.proposed()).containsExactly("waits");
  }

  @Test
  void aBackupPassesItsWaitingRequestsToTheNewPrimary() {
    backup.fromClient(backup.signed(request(0, 1, 1, "a"))).entersView(1);
    assertThat(backup.sentTo(1, RequestMessage.class)).hasSize(1);
  }

  // What is re-proposed

  @Test
  void whatHadPreparedIsPreparedAgainInTheNewView() {
    backup.prePrepare(1, batch).entersView(1, prepared(3).toArray(ViewChange[]::new));
    assertThat(backup.broadcast(Prepare.class))
        .containsExactly(new Prepare(1, 1, batch.digest(), 3));
    backup.prepares(1, batch.digest(), 0).commits(1, batch.digest(), 0, 1);
    assertThat(backup.executed()).containsExactly("a");
  }

  @Test
  @DisplayName(
      "A re-proposed batch's time is not checked against now (indy-plenum#1488), nor anything else (Besu PR#7875)")
  void anOldTimeIsNoReasonToRefuseAChosenBatch() {
    backup.prePrepare(1, batch).pass(10 * backup.config().maxClockSkewMillis());
    backup.entersView(1, prepared(3).toArray(ViewChange[]::new));
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void aBackupThatLacksTheBodyFetchesItAndPreparesThen() {
    backup.entersView(1, prepared(3).toArray(ViewChange[]::new));
    assertThat(backup.broadcast(Prepare.class)).isEmpty();
    assertThat(backup.sent(FetchBatch.class)).hasSize(1);
    backup.body(0, 1, batch);
    assertThat(backup.broadcast(Prepare.class)).hasSize(1);
  }

  @Test
  void aBodyThatIsNotTheOneAskedForIsRefused() {
    backup.entersView(1, prepared(3).toArray(ViewChange[]::new));
    backup.body(0, 1, backup.batch(request(0, 1, 1, "other")));
    assertThat(backup.refused()).containsExactly(Reason.BAD_BODY);
    backup.body(0, 2, batch);
    assertThat(backup.deferred()).containsExactly(Reason.NOT_ASKED_FOR);
  }

  @Test
  @DisplayName("Null batches are agreed on like others, so that no gap stays for ever")
  void aGapIsFilledByANullBatchThatExecutesAsNothing() {
    backup.prePrepare(2, batch);
    List<ViewChange> messages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      messages.add(Changes.of(1, i).held(0, Digest.ZERO).prepared(2, batch.digest(), 0).done());
    }
    backup.entersView(1, messages.toArray(ViewChange[]::new));
    assertThat(backup.broadcast(Prepare.class))
        .extracting(Prepare::sequence)
        .containsExactly(1L, 2L);
    Digest nothing = Batch.NULL.digest();
    backup.prepares(1, nothing, 0).commits(1, nothing, 0, 1);
    backup.prepares(2, batch.digest(), 0).commits(2, batch.digest(), 0, 1);
    assertThat(backup.status().lastExecuted()).isEqualTo(2);
    assertThat(backup.executed()).containsExactly("a");
  }

  @Test
  void theNewPrimaryCantProposeSomethingElseWhereTheViewHasChosen() {
    backup.entersView(1, prepared(3).toArray(ViewChange[]::new));
    backup.prePrepare(1, backup.batch(request(1, 1, 1, "b")));
    assertThat(backup.refused()).containsExactly(Reason.CONFLICTING_PREPREPARE);
  }

  @Test
  @DisplayName("A fresh proposal that overtakes the NEW-VIEW is kept for it (SmartBFT#558)")
  void whatOvertakesTheNewViewIsNotLost() {
    hears(fresh(0, 1, 2));
    Batch first = backup.batch(request(0, 1, 1, "a"));
    backup.from(1, new PrePrepare(1, 1, first.digest(), first, 1));
    assertThat(backup.deferred()).containsExactly(Reason.FUTURE_VIEW);
    backup.from(0, new Prepare(1, 1, first.digest(), 0));
    backup.from(0, new Commit(1, 1, first.digest(), 0));
    backup.from(1, new Commit(1, 1, first.digest(), 1));
    backup.from(1, Changes.newView(backup, fresh(0, 1, 2)));
    assertThat(backup.executed()).containsExactly("a");
  }

  // What a backup checks

  private Reason refusal(NewView newView) {
    hears(fresh(0, 1, 2));
    backup.from(newView.replica(), newView);
    assertThat(backup.observed(Observation.ViewEntered.class)).isEmpty();
    return backup.refused().get(0);
  }

  private NewView altered(List<ViewChange> support, long start, Digest... choices) {
    return new NewView(1, Changes.names(backup, support), start, Digest.ZERO, List.of(choices), 1);
  }

  @Test
  void aNewViewOfAnotherThanThePrimaryIsRefused() {
    NewView good = Changes.newView(backup, fresh(0, 1, 2));
    NewView stolen =
        new NewView(1, good.support(), good.start(), good.startDigest(), good.choices(), 2);
    assertThat(refusal(stolen)).isEqualTo(Reason.NOT_PRIMARY);
  }

  @Test
  void fewerThanAQuorumOfViewChangesAreRefused() {
    assertThat(refusal(altered(fresh(0, 1), 0))).isEqualTo(Reason.BAD_V_SET);
  }

  @Test
  void oneAuthorTwiceIsRefused() {
    List<NewView.Support> names = new ArrayList<>(Changes.names(backup, fresh(0, 1)));
    names.add(1, names.get(0));
    NewView twice = new NewView(1, names, 0, Digest.ZERO, List.of(), 1);
    assertThat(refusal(twice)).isEqualTo(Reason.DUP_SIGNER);
  }

  @Test
  void authorsOutOfOrderAreRefused() {
    List<NewView.Support> names = new ArrayList<>(Changes.names(backup, fresh(0, 1, 2)));
    java.util.Collections.reverse(names);
    NewView reversed = new NewView(1, names, 0, Digest.ZERO, List.of(), 1);
    assertThat(refusal(reversed)).isEqualTo(Reason.NON_CANONICAL);
  }

  @Test
  void anAuthorThatDoesNotExistIsRefused() {
    List<NewView.Support> names = new ArrayList<>(Changes.names(backup, fresh(0, 1)));
    names.add(new NewView.Support(9, Digest.ZERO));
    NewView invented = new NewView(1, names, 0, Digest.ZERO, List.of(), 1);
    assertThat(refusal(invented)).isEqualTo(Reason.UNKNOWN_REPLICA);
  }

  @Test
  @DisplayName("Choices that do not follow from V: the primary is faulty, on to view 2")
  void inventedChoicesAreRefusedAndTheViewChangesAgain() {
    assertThat(refusal(altered(fresh(0, 1, 2), 0, batch.digest()))).isEqualTo(Reason.BAD_O_SET);
    assertThat(backup.view()).isEqualTo(2);
    assertThat(backup.broadcast(ViewChange.class)).hasSize(1);
  }

  @Test
  void aChoiceLeftOutIsRefused() {
    hears(prepared(3));
    backup.from(1, altered(prepared(3), 0));
    assertThat(backup.refused()).containsExactly(Reason.BAD_O_SET);
    assertThat(backup.view()).isEqualTo(2);
  }

  @Test
  void anInventedStartIsRefused() {
    assertThat(refusal(altered(fresh(0, 1, 2), 4))).isEqualTo(Reason.BAD_O_SET);
  }

  @Test
  @DisplayName("A name for another author's message does not make two of one")
  void namesMustMatchTheirAuthors() {
    List<NewView.Support> names = new ArrayList<>(Changes.names(backup, fresh(0, 1)));
    names.add(new NewView.Support(2, names.get(0).digest()));
    NewView twoOfOne = new NewView(1, names, 0, Digest.ZERO, List.of(), 1);
    backup.from(1, twoOfOne);
    hears(fresh(0, 1));
    assertThat(backup.refused()).containsExactly(Reason.BAD_V_SET);
    assertThat(backup.observed(Observation.ViewEntered.class)).isEmpty();
  }

  @Test
  void viewChangesForAnotherViewAreNoSupport() {
    hears(fresh(0, 1, 2));
    List<NewView.Support> names = Changes.names(backup, fresh(0, 1, 2));
    backup.from(1, new NewView(5, names, 0, Digest.ZERO, List.of(), 1));
    assertThat(backup.refused()).containsExactly(Reason.BAD_V_SET);
    assertThat(backup.view()).isEqualTo(1);
  }

  // Missing view-changes

  @Test
  void viewChangesThatAreMissingAreFetchedAndThenTheViewIsEntered() {
    List<ViewChange> support = fresh(0, 1, 2);
    hears(fresh(1, 2));
    backup.from(1, Changes.newView(backup, support));
    assertThat(backup.status().active()).isFalse();
    backup.fire(TimerKind.STATUS);
    FetchViewChange fetch = backup.broadcast(FetchViewChange.class).get(0);
    assertThat(fetch.author()).isZero();
    backup.from(2, new Relay(List.of(backup.peers().seal(0, support.get(0))), 2));
    assertThat(backup.status().active()).isTrue();
  }

  @Test
  @DisplayName(
      "A traitor's VIEW-CHANGEs, one to the primary and another to the rest, hold nobody up")
  void theViewChangeNamedIsTakenWhateverItsAuthorSentHere() {
    ViewChange elsewhere = Changes.of(1, 0).done();
    hears(fresh(0, 1, 2));
    List<ViewChange> support = List.of(elsewhere, Changes.fresh(1, 1), Changes.fresh(1, 2));
    NewView newView = new NewView(1, Changes.names(backup, support), 0, Digest.ZERO, List.of(), 1);
    backup.from(1, newView);
    assertThat(backup.status().active()).isFalse();
    backup.from(2, new Relay(List.of(backup.peers().seal(0, elsewhere)), 2));
    assertThat(backup.status().active()).isTrue();
  }

  @Test
  void whoHasAViewChangePassesItOn() {
    hears(fresh(0, 1));
    NewView.Support name = Changes.names(backup, fresh(0)).get(0);
    backup.from(2, new FetchViewChange(1, 0, name.digest(), 2));
    assertThat(backup.sentTo(2, Relay.class)).hasSize(1);
    backup.from(2, new FetchViewChange(1, 0, Digest.ZERO, 2));
    assertThat(backup.effects()).isEmpty();
    backup.from(2, new FetchViewChange(1, 9, name.digest(), 2));
    assertThat(backup.refused()).containsExactly(Reason.UNKNOWN_REPLICA);
  }

  @Test
  @DisplayName("They are long, and the answers may be under way: asked for less and less often")
  void missingViewChangesAreNotFetchedOnEveryTick() {
    hears(fresh(1, 2));
    backup.from(1, Changes.newView(backup, fresh(0, 1, 2)));
    List<Integer> asked = new ArrayList<>();
    for (int tick = 1; tick <= 50; tick++) {
      if (!backup.fire(TimerKind.STATUS).broadcast(FetchViewChange.class).isEmpty()) {
        asked.add(tick);
      }
    }
    assertThat(asked).containsExactly(1, 2, 4, 8, 16, 32, 48);
  }

  @Test
  @DisplayName("A FETCH-VIEW-CHANGE is short, its answer is not: n of them between two ticks")
  void whoKeepsFetchingIsThrottledUntilTheNextTick() {
    hears(fresh(0, 1));
    NewView.Support name = Changes.names(backup, fresh(0)).get(0);
    FetchViewChange fetch = new FetchViewChange(1, 0, name.digest(), 2);
    for (int i = 0; i < 4; i++) {
      assertThat(backup.from(2, fetch).sentTo(2, Relay.class)).hasSize(1);
    }
    assertThat(backup.from(2, fetch).deferred()).containsExactly(Reason.PEER_THROTTLED);
    backup.fire(TimerKind.STATUS);
    assertThat(backup.from(2, fetch).sentTo(2, Relay.class)).hasSize(1);
  }

  @Test
  @DisplayName("A traitor's NEW-VIEW for a far view keeps no other primary's out")
  void aPendingNewViewOfAFarViewDoesNotBlockTheNext() {
    NewView far =
        new NewView(
            1002,
            List.of(
                new NewView.Support(0, Digest.ZERO),
                new NewView.Support(1, Digest.ZERO),
                new NewView.Support(2, Digest.ZERO)),
            0,
            Digest.ZERO,
            List.of(),
            2);
    backup.from(2, far).entersView(1);
    assertThat(backup.view()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "What a batch held but did not execute, being out of its session's order, is proposed again")
  void whatAnEarlierBatchPassedOverIsProposed() {
    Scene primary = Scene.of(1);
    Request first = request(0, 1, 1, "first");
    Request second = request(0, 1, 2, "second");
    Batch shuffled = primary.batch(second, first);
    primary.ordered(1, shuffled);
    assertThat(primary.executed()).containsExactly("first");
    primary.fromClient(primary.signed(second));

    List<ViewChange> support = new ArrayList<>();
    for (int i : new int[] {0, 2, 3}) {
      support.add(Changes.of(1, i).held(0, Digest.ZERO).prepared(1, shuffled.digest(), 0).done());
    }
    primary.entersView(1, support.toArray(ViewChange[]::new));
    assertThat(primary.broadcast(PrePrepare.class))
        .singleElement()
        .satisfies(m -> assertThat(m.batch().requests().get(0).request()).isEqualTo(second));
  }
}
