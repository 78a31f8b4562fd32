package io.pbft.core.viewchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName(
    "The choice of a new view, over random histories and lies (TOCS, section 4.5, appendix)")
class NewViewPlanPropertyTest {
  private static final int HISTORIES = 120;
  private static final int VIEWS = 8;

  static IntStream sizes() {
    return IntStream.rangeClosed(4, 10);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  @DisplayName("Whatever has committed is chosen in every later view, or lies below its start")
  void whatHasCommittedIsAlwaysChosen(int n) {
    int checked = 0;
    for (long seed = 0; seed < HISTORIES; seed++) {
      HonestHistories world = new HonestHistories(n, seed);
      for (int view = 1; view < VIEWS; view++) {
        List<NewViewPlan> plans = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          NewViewPlan plan = decide(world, world.collected());
          if (plan != null) {
            checked += assertKeeps(plan, world, "n=" + n + " seed=" + seed + " view=" + view);
            plans.add(plan);
          }
        }
        plans.add(decide(world, world.honest()));
        world.enter(plans);
      }
    }
    assertThat(checked).as("committed batches that a plan had to keep").isGreaterThan(HISTORIES);
  }

  private static int assertKeeps(NewViewPlan plan, HonestHistories world, String where) {
    int checked = 0;
    for (Map.Entry<Long, Digest> entry : world.committed().entrySet()) {
      long s = entry.getKey();
      if (s > plan.start()) {
        int at = (int) (s - plan.start() - 1);
        assertThat(plan.choices().size()).as("%s: %s is left out", where, s).isGreaterThan(at);
        assertThat(plan.choices().get(at)).as("%s: %s", where, s).isEqualTo(entry.getValue());
        checked++;
      }
    }
    return checked;
  }

  @ParameterizedTest
  @MethodSource("sizes")
  @DisplayName("The correct replicas' view-changes determine a plan, whatever the traitors' add")
  void theCorrectReplicasAlwaysDetermineAPlan(int n) {
    for (long seed = 0; seed < HISTORIES; seed++) {
      HonestHistories world = new HonestHistories(n, seed);
      for (int view = 1; view < VIEWS; view++) {
        List<ViewChange> messages = new ArrayList<>(world.honest());
        NewViewPlan plan = decide(world, messages);
        assertThat(plan).as("n=%s seed=%s view=%s", n, seed, view).isNotNull();
        for (ViewChange lie : world.lies()) {
          messages.add(lie);
          assertThat(decide(world, messages)).as("n=%s seed=%s view=%s", n, seed, view).isNotNull();
        }
        world.enter(List.of(plan));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  @DisplayName(
      "The plan is a function of the set: the order in which messages came is nothing to it")
  void theOrderOfTheMessagesDoesNotMatter(int n) {
    for (long seed = 0; seed < HISTORIES / 4; seed++) {
      HonestHistories world = new HonestHistories(n, seed);
      for (int view = 1; view < VIEWS; view++) {
        List<ViewChange> messages = world.collected();
        NewViewPlan plan = decide(world, messages);
        for (int i = 0; i < 5; i++) {
          Collections.shuffle(messages, new Random(seed + i));
          assertThat(decide(world, messages)).isEqualTo(plan);
        }
        world.enter(List.of(decide(world, world.honest())));
      }
    }
  }

  private static NewViewPlan decide(HonestHistories world, List<ViewChange> messages) {
    return NewViewPlan.decide(world.quorums(), HonestHistories.WINDOW, messages);
  }
}
