package io.pbft.core.viewchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.Quorums;
import io.pbft.core.message.Batch;
import io.pbft.core.message.ViewChange;
import io.pbft.core.scene.Changes;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** n = 4: q = 3, f+1 = 2. The view asked for is 5. */
@DisplayName("What a new view starts from (TOCS, figure 4)")
class NewViewPlanTest {
  private static final Quorums FOUR = Quorums.of(4);
  private static final int WINDOW = 8;
  private static final Digest NULL = Batch.NULL.digest();
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Digest B = Digest.of(new byte[] {2});
  private static final Digest STATE = Digest.of(new byte[] {3});
  private static final Digest LIE = Digest.of(new byte[] {4});

  private static Changes by(int replica) {
    return Changes.of(5, replica).held(0, Digest.ZERO);
  }

  private static NewViewPlan plan(Changes... messages) {
    return NewViewPlan.decide(FOUR, WINDOW, Stream.of(messages).map(Changes::done).toList());
  }

  private static NewViewPlan startingAt0With(Digest... choices) {
    return new NewViewPlan(0, Digest.ZERO, List.of(choices));
  }

  @Test
  void fewerThanAQuorumOfMessagesDetermineNothing() {
    assertThat(plan(by(0), by(1))).isNull();
    assertThat(plan(by(0), by(1), by(2))).isEqualTo(startingAt0With());
  }

  @Test
  @DisplayName("A: what prepared at one replica, and was pre-prepared at f+1, is chosen")
  void whatPreparedIsChosen() {
    assertThat(plan(by(0).prepared(1, A, 0), by(1).prePrepared(1, A, 0), by(2)))
        .isEqualTo(startingAt0With(A));
  }

  @Test
  @DisplayName("The entry of the highest view wins, not any prepared entry")
  void theLatestViewsEntryWins() {
    Changes old = by(0).prepared(1, A, 1).prePrepared(1, B, 0);
    Changes late = by(1).prepared(1, B, 3);
    Changes other = by(2).prePrepared(1, A, 1).prePrepared(1, B, 3);
    assertThat(plan(old, late, other)).isEqualTo(startingAt0With(B));
    assertThat(plan(late, other, old)).isEqualTo(startingAt0With(B));
    Changes fourth = by(3).prePrepared(1, A, 1);
    assertThat(plan(old, late, other, fourth))
        .as("A1 holds for both")
        .isEqualTo(startingAt0With(B));
    assertThat(plan(late, old, other, fourth)).isEqualTo(startingAt0With(B));
  }

  @Test
  @DisplayName("A2: one traitor's claim, which no f+1 pre-prepared, is not chosen")
  void aClaimThatOnlyItsAuthorSupportsIsNotChosen() {
    assertThat(plan(by(0).prepared(1, LIE, 4), by(1), by(2))).isNull();
    assertThat(plan(by(0).prepared(1, LIE, 4), by(1), by(2), by(3))).isEqualTo(startingAt0With());
  }

  @Test
  @DisplayName("A2: pre-prepared in an earlier view than the claim's does not support it")
  void supportFromAnEarlierViewDoesNotCount() {
    Changes claim = by(0).prepared(1, A, 4);
    assertThat(plan(claim, by(1).prePrepared(1, A, 3), by(2))).isNull();
    assertThat(plan(claim, by(1).prePrepared(1, A, 4), by(2))).isEqualTo(startingAt0With(A));
  }

  @Test
  @DisplayName("A1: a traitor's later claim can't displace what committed: wait for more messages")
  void aLaterClaimWithoutSupportBlocksUntilAQuorumDisagreesWithIt() {
    Changes lie = by(3).prepared(1, LIE, 4);
    Changes one = by(0).prepared(1, A, 0);
    Changes two = by(1).prepared(1, A, 0);
    assertThat(plan(lie, one, two)).isNull();
    assertThat(plan(lie, one, two, by(2))).isEqualTo(startingAt0With(A));
  }

  @Test
  @DisplayName("B: null only where q messages have no prepared entry")
  void aGapIsFilledWithTheNullBatch() {
    Changes one = by(0).prepared(2, A, 0);
    Changes two = by(1).prepared(2, A, 0);
    assertThat(plan(one, two, by(2))).isEqualTo(startingAt0With(NULL, A));
  }

  @Test
  @DisplayName(
      "B counts messages with h < s only: a replica that has discarded s does not vouch for nothing")
  void whoHasDiscardedASequenceNumberDoesNotCountForNull() {
    Changes ahead = Changes.of(5, 2).stable(4, STATE);
    Changes one = by(0).prepared(6, A, 0);
    Changes two = by(1).prepared(6, A, 0);
    NewViewPlan plan = plan(one, two, ahead);
    assertThat(plan).as("no start is certain yet").isNull();
    plan = plan(one, two.held(4, STATE), ahead);
    assertThat(plan).isEqualTo(new NewViewPlan(4, STATE, List.of(NULL, A)));
  }

  @Test
  @DisplayName("A1 and B count over the messages with h < s (Fabric PR#1111)")
  void onlyMessagesBelowTheSequenceNumberCount() {
    Changes ahead = Changes.of(5, 3).stable(4, STATE);
    Changes one = by(0).prepared(1, A, 0);
    Changes two = by(1).prePrepared(1, A, 0);
    assertThat(plan(one, two, ahead)).isNull();
    assertThat(plan(one, two, by(2), ahead)).isEqualTo(startingAt0With(A));
  }

  @Test
  @DisplayName("B does not count a replica that has discarded s: it may have executed it")
  void whoHasDiscardedItDoesNotVouchForNull() {
    Changes ahead = Changes.of(5, 3).stable(4, STATE);
    assertThat(plan(by(0).prepared(1, A, 0), by(1), by(2), ahead)).isNull();
  }

  @Test
  @DisplayName("A1 does not count a replica that has discarded s: it may have executed the other")
  void whoHasDiscardedItDoesNotVouchForADigest() {
    Changes ahead = Changes.of(5, 3).stable(4, STATE);
    Changes one = by(0).prepared(1, A, 1);
    Changes two = by(1).prePrepared(1, A, 1);
    assertThat(plan(one, two, by(2).prepared(1, B, 3), ahead)).isNull();
  }

  @Test
  @DisplayName(
      "The start is the highest checkpoint that q have reached and f+1 hold, not the lowest")
  void theHighestCertainCheckpointIsTheStart() {
    NewViewPlan plan = plan(by(0).held(4, STATE), by(1).held(4, STATE), by(2));
    assertThat(plan).isEqualTo(new NewViewPlan(4, STATE, List.of()));
  }

  @Test
  void aCheckpointThatOnlyATraitorHoldsIsNoStart() {
    assertThat(plan(by(0), by(1), by(2).held(4, LIE))).isEqualTo(startingAt0With());
    assertThat(plan(by(0).held(4, STATE), by(1), by(2).held(4, LIE))).isEqualTo(startingAt0With());
  }

  @Test
  void aCheckpointBelowWhatMostHaveDiscardedIsNoStart() {
    Changes[] messages = {
      Changes.of(5, 0).stable(4, STATE), Changes.of(5, 1).stable(4, STATE), by(2), by(3)
    };
    assertThat(plan(messages)).isEqualTo(new NewViewPlan(4, STATE, List.of()));
    Changes[] uncertain = {
      Changes.of(5, 0).stable(8, STATE),
      Changes.of(5, 1).stableAt(8),
      by(2).held(4, A),
      by(3).held(4, A)
    };
    assertThat(plan(uncertain))
        .as("4 is listed twice, but only two logs reach down to it")
        .isNull();
  }

  @Test
  void entriesBeyondTheStartsWindowAreLies() {
    Changes far = Changes.of(5, 0).stable(4, LIE).prepared(12, LIE, 4);
    assertThat(plan(far, by(1), by(2), by(3))).isEqualTo(startingAt0With());
  }

  @Test
  @DisplayName(
      "Trailing nulls that nobody prepared are left out: those numbers are free for proposals")
  void thePlanEndsWithTheLastThatPrepared() {
    Changes lie = by(3).prepared(5, LIE, 4);
    assertThat(plan(by(0).prepared(1, A, 0), by(1).prepared(1, A, 0), by(2), lie))
        .isEqualTo(startingAt0With(A));
  }

  @Test
  @DisplayName(
      "A null batch that may have committed is chosen, even as the last: its number is not free")
  void aTrailingNullThatPreparedIsKept() {
    NewViewPlan plan =
        plan(
            by(0).prepared(1, A, 4).prepared(2, NULL, 4),
            by(1).prepared(1, A, 4).prepared(2, NULL, 4),
            by(2));
    assertThat(plan).isEqualTo(startingAt0With(A, NULL));
  }

  @Test
  @DisplayName(
      "Ten traitors' VIEW-CHANGEs as large as they get (n = 31) cost seconds at most, not half a minute")
  void theChoiceIsQuickWhateverTraitorsSend() {
    List<ViewChange> messages = new ArrayList<>();
    for (int i = 0; i < 31; i++) {
      Changes changes = by(i);
      for (int s = 1; s <= 512; s++) {
        changes.prepared(s, i < 21 ? A : LIE, i < 21 ? 3 : 4);
        for (int k = 0; i >= 21 && k < 100; k++) {
          changes.prePrepared(s, Digest.of(new byte[] {1, (byte) k}), 4);
        }
      }
      messages.add(changes.done());
    }
    long begin = System.nanoTime();
    NewViewPlan plan = NewViewPlan.decide(Quorums.of(31), 512, messages);
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
    assertThat(plan.choices()).hasSize(512).containsOnly(A);
  }

  @Test
  void thePlanIsAPureFunction() {
    List<ViewChange> messages =
        Stream.of(by(0).prepared(1, A, 0), by(1).prepared(1, A, 0), by(2))
            .map(Changes::done)
            .toList();
    assertThat(NewViewPlan.decide(FOUR, WINDOW, messages))
        .isEqualTo(NewViewPlan.decide(FOUR, WINDOW, messages));
  }
}
