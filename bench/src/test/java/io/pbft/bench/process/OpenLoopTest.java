package io.pbft.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A thousand operations a second for two sessions, in a time that the test makes. */
final class OpenLoopTest {
  private static final long MILLI = 1_000_000;
  private static final double PATIENCE = 0.1;

  private record Begun(int session, long due) {}

  private final List<Begun> begun = new ArrayList<>();

  private OpenLoop loop(int mostInFlight) {
    return new OpenLoop(
        1_000, PATIENCE, 2, mostInFlight, (session, due) -> begun.add(new Begun(session, due)));
  }

  private List<Long> due() {
    return begun.stream().map(each -> each.due() / MILLI).toList();
  }

  @Test
  void operationsBeginWhenTheyAreDueAndSessionsTakeTurns() {
    OpenLoop loop = loop(100);
    for (long milli = 0; milli < 4; milli++) {
      assertThat(loop.advance(milli * MILLI)).isZero();
      assertThat(begun).hasSize((int) milli + 1);
    }
    assertThat(begun)
        .containsExactly(
            new Begun(0, 0), new Begun(1, MILLI), new Begun(0, 2 * MILLI), new Begun(1, 3 * MILLI));
  }

  @Test
  void whatFellDueInAPauseBeginsAfterItAndCountsFromWhenItWasDue() {
    OpenLoop loop = loop(100);
    loop.advance(0);
    assertThat(loop.advance(50 * MILLI)).isZero();
    assertThat(due()).hasSize(51).startsWith(0L, 1L, 2L).endsWith(49L, 50L);
  }

  @Test
  void whatFindsNoRoomWaitsUntilThereIsAndFailsNot() {
    OpenLoop loop = loop(2);
    loop.advance(50 * MILLI);
    assertThat(due()).as("two sessions with room for two").containsExactly(0L, 1L, 2L, 3L);
    loop.ended(1);
    assertThat(loop.advance(60 * MILLI)).isZero();
    assertThat(begun).hasSize(5).last().isEqualTo(new Begun(1, 4 * MILLI));
  }

  @Test
  void whatHasWaitedLongerThanItsPatienceIsGivenUpOnce() {
    OpenLoop loop = loop(2);
    loop.advance(0);
    loop.advance(3 * MILLI);
    assertThat(loop.advance(104 * MILLI)).as("4 has waited just as long as it may").isZero();
    assertThat(loop.advance(124 * MILLI)).isEqualTo(20);
    assertThat(loop.advance(124 * MILLI)).isZero();
    loop.ended(0);
    loop.advance(124 * MILLI);
    assertThat(due()).as("24 is the first that is left").endsWith(3L, 24L);
  }

  @Test
  void aSessionThatStandsStillHoldsUpNobodyElse() {
    OpenLoop loop = loop(2);
    for (long milli = 0; milli < 90; milli++) {
      loop.advance(milli * MILLI);
      if (begun.get(begun.size() - 1).session() == 1) {
        loop.ended(1);
      }
    }
    assertThat(begun.stream().filter(each -> each.session() == 0)).hasSize(2);
    assertThat(begun).hasSize(90);
  }

  @Test
  void aRateThatIsNoWholeNumberOfNanosecondsDoesNotDrift() {
    List<Long> times = new ArrayList<>();
    OpenLoop loop = new OpenLoop(3, PATIENCE, 1, 10, (session, due) -> times.add(due));
    for (long second = 0; second <= 1_000; second++) {
      for (int third = 0; third < 3; third++) {
        loop.advance(second * 1_000 * MILLI + third * 334L * MILLI);
        loop.ended(0);
      }
    }
    assertThat(times).hasSize(3_003).endsWith(1_000_666_666_667L);
  }
}
