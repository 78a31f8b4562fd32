package io.pbft.lab.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChoicesTest {
  @Test
  void whatWasDrawnCanBeReplayed() {
    Choices first = Choices.seeded(7);
    for (int bound = 1; bound < 100; bound++) {
      assertThat(first.below(bound)).isBetween(0, bound - 1);
    }
    Choices again = Choices.replay(first.drawn());
    for (int bound = 1; bound < 100; bound++) {
      again.below(bound);
    }
    assertThat(again.drawn()).isEqualTo(first.drawn());
    assertThat(again.bounds()).isEqualTo(first.bounds());
  }

  @Test
  void aSeedMeansTheSameForEver() {
    Choices choices = Choices.seeded(1);
    assertThat(new int[] {choices.below(1000), choices.below(1000), choices.below(1000)})
        .containsExactly(718, 128, 535);
  }

  @Test
  void afterTheListComeZerosOrASeed() {
    Choices zeros = Choices.replay(new int[] {5});
    assertThat(zeros.below(10)).isEqualTo(5);
    assertThat(zeros.below(10)).isZero();
    Choices seeded = Choices.replay(new int[] {5}, 1);
    seeded.below(10);
    assertThat(seeded.below(1000)).isEqualTo(Choices.seeded(1).below(1000));
  }

  @Test
  void aNumberBeyondItsBoundStillMeansSomething() {
    Choices choices = Choices.replay(new int[] {12, -1});
    assertThat(choices.below(10)).isEqualTo(2);
    assertThat(choices.below(10)).isEqualTo(9);
  }

  @Test
  void zeroIsThePlainestOutcome() {
    Choices zeros = Choices.replay(new int[0]);
    assertThat(zeros.chance(0.99)).isFalse();
    assertThat(zeros.between(3, 9)).isEqualTo(3);
    assertThat(zeros.weighted(1, 5)).isZero();
  }

  @Test
  void certaintiesAreNotDrawn() {
    Choices choices = Choices.seeded(1);
    assertThat(choices.chance(0)).isFalse();
    assertThat(choices.chance(1)).isTrue();
    assertThat(choices.size()).isZero();
  }

  @Test
  void weightsAreKept() {
    Choices choices = Choices.seeded(3);
    int[] hits = new int[3];
    for (int i = 0; i < 10_000; i++) {
      hits[choices.weighted(7, 2, 1)]++;
    }
    assertThat(hits[0]).isBetween(6_800, 7_200);
    assertThat(hits[2]).isBetween(850, 1_150);
  }

  @Test
  void aBoundIsPositive() {
    assertThatThrownBy(() -> Choices.seeded(1).below(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a choice needs a positive bound, not 0");
  }
}
