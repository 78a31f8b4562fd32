package io.pbft.compare.lie;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.sim.Aftermath;
import io.pbft.compare.sim.Aftermath.State;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiesTest {
  private static final List<Told> TOLD = Lies.all();

  private static List<Told> of(boolean byzantine) {
    return TOLD.stream().filter(told -> told.protocol().startsWith("PBFT") == byzantine).toList();
  }

  @Test
  void pbftStaysInOneStateAndAnswersAndNoticesTheLie() {
    assertThat(of(true)).hasSize(3);
    for (Told told : of(true)) {
      assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.SAFE);
      assertThat(told.isNoticed()).as(told.toString()).isTrue();
      assertThat(told.aftermath().states())
          .extracting(State::contents)
          .containsOnly("{k1=v1, k2=v2, k3=v3}");
    }
  }

  @Test
  void theVictimRefusesTheAlteredRequestAndSaysWhy() {
    assertThat(TOLD.get(0).aftermath().noticed()).anyMatch(what -> what.startsWith("r3 refused "));
  }

  @Test
  void crashTolerantReplicasDivergeAndNobodyNotices() {
    assertThat(of(false)).hasSize(3);
    for (Told told : of(false)) {
      assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.DIVERGED);
      assertThat(told.isNoticed()).isFalse();
      assertThat(told.aftermath().answered()).isEqualTo(told.aftermath().asked());
      assertThat(told.digests()).hasSize(2).doesNotHaveDuplicates();
    }
  }

  @Test
  void raftsVictimHasTheLie() {
    Told raft = of(false).get(0);
    assertThat(raft.aftermath().states())
        .extracting(State::contents)
        .containsExactlyInAnyOrder("{k1=v1, k2=v2, k3=v3}", "{k1=v1, k2=lie, k3=v3}");
  }

  @Test
  void oneRunIsLikeTheOther() {
    assertThat(Lies.all()).isEqualTo(TOLD);
  }

  @Test
  void aMissingAnswerIsAStallAndTwoStatesAreADivergence() {
    List<State> one = List.of(new State(1, "a"), new State(2, "a"));
    List<State> two = List.of(new State(1, "a"), new State(2, "b"));
    assertThat(Outcome.of(new Aftermath(one, 3, 3, List.of()))).isEqualTo(Outcome.SAFE);
    assertThat(Outcome.of(new Aftermath(one, 3, 2, List.of()))).isEqualTo(Outcome.STALLED);
    assertThat(Outcome.of(new Aftermath(two, 3, 2, List.of()))).isEqualTo(Outcome.DIVERGED);
  }
}
