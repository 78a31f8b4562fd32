package io.pbft.lab.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.oracle.Verdict;
import io.pbft.lab.sim.Choices;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Enumerated schedules: within their bounds, nothing is left out. {@code -Dexplore.departures=2}
 * and {@code -Dtwins.rounds=3 -Dtwins.step=1} widen the bounds beyond those of a build.
 */
class SchedulesTest {
  private static final int DEPARTURES = Integer.getInteger("explore.departures", 1);
  private static final int ROUNDS = Integer.getInteger("twins.rounds", 2);
  private static final int STEP = Integer.getInteger("twins.step", 17);

  @Test
  void allListsWithinTheBoundAreRunOnce() {
    Set<List<Integer>> seen = new HashSet<>();
    Explorer.Report report =
        Explorer.explore(
            choices -> {
              List<Integer> list = List.of(choices.below(3), choices.below(3), choices.below(2));
              assertThat(seen.add(list)).isTrue();
              return true;
            },
            2,
            3,
            1_000);
    // All 18 lists but those that depart at all three places, of which there are 2 * 2 * 1.
    assertThat(seen).hasSize(14);
    assertThat(report.runs()).isEqualTo(14);
    assertThat(report.complete()).isTrue();
  }

  @Test
  void whereNothingIsToChooseIsNoChoice() {
    Explorer.Report report =
        Explorer.explore(
            choices ->
                choices.below(1) + choices.below(2) + choices.below(1) + choices.below(3) < 9,
            2,
            2,
            1_000);
    assertThat(report).isEqualTo(new Explorer.Report(6, true, null));
  }

  @Test
  void theFirstThatGoesWrongIsKept() {
    Explorer.Report report =
        Explorer.explore(
            choices -> !(choices.below(5) == 3 && choices.below(2) == 1), 2, 10, 1_000);
    assertThat(report.culprit()).containsExactly(3, 1);
    assertThat(report.complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneMessageLateOrLostNeverHurts(boolean tentative) {
    Explorer.Report report =
        Explorer.explore(
            choices -> holds(SmallWorld.run(choices, false, tentative)),
            DEPARTURES,
            1_000,
            10_000_000);
    System.out.println(report.runs() + " runs with at most " + DEPARTURES + " departures");
    assertThat(report.complete()).isTrue();
    assertThat(report.runs()).isGreaterThan(150);
  }

  /** Every fifth message, under a primary that shows two faces. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void norUnderATwoFacedPrimary(boolean tentative) {
    for (int at = 0; at < 60; at += 5) {
      for (int fate = 1; fate < 4; fate++) {
        int[] list = new int[at + 1];
        list[at] = fate;
        Verdict verdict = SmallWorld.run(Choices.replay(list), true, tentative);
        assertThat(holds(verdict)).as("fate %d of %d: %s", fate, at, verdict).isTrue();
      }
    }
  }

  private static boolean holds(Verdict verdict) {
    return verdict.isGood() && verdict.live().outcome() == Verdict.Outcome.HOLDS;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twinsInAllPartitionsOfOneRoundAndSomeOfTwo(boolean tentative) {
    assertThat(Twins.enumerate(1, 0, 1, tentative)).isEqualTo(new Twins.Report(64, null));
    Twins.Report more = Twins.enumerate(ROUNDS, 0, STEP, tentative);
    System.out.println(more.schedules() + " of " + Twins.schedules(ROUNDS) + " schedules");
    assertThat(more.culprit()).isNull();
    assertThat(more.schedules()).isGreaterThan(60);
  }
}
