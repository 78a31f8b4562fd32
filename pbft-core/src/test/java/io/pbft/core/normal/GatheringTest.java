package io.pbft.core.normal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GatheringTest {
  private static final int BATCH = 1000;

  private final Gathering gathering = new Gathering(BATCH);

  @Test
  void aLoneRequestIsNotHeldUp() {
    assertThat(gathering.suffices(1, 0, 0)).isTrue();
  }

  @Test
  void besideAFewInFlightAsManyMustHaveGathered() {
    assertThat(gathering.suffices(5 + 4, 5, 0)).isFalse();
    assertThat(gathering.suffices(5 + 5, 5, 0)).isTrue();
  }

  @Test
  void whenManyWantSomethingSeveralTimesAsManyMustHaveGathered() {
    assertThat(gathering.suffices(10 + 79, 10, 0)).isFalse();
    assertThat(gathering.suffices(10 + 80, 10, 0)).isTrue();
    assertThat(gathering.suffices(Gathering.BUSY, Gathering.BUSY / 2, 0)).isFalse();
  }

  @Test
  void aFullBatchGoesWhateverIsInFlight() {
    assertThat(gathering.suffices(8 * BATCH + BATCH, 8 * BATCH, 0)).isTrue();
  }

  @Test
  void whatHasWaitedLongEnoughGoes() {
    assertThat(gathering.suffices(6, 5, 10)).isFalse();
    assertThat(gathering.suffices(7, 5, 10 + Gathering.PATIENCE_MILLIS - 1)).isFalse();
    assertThat(gathering.suffices(8, 5, 10 + Gathering.PATIENCE_MILLIS)).isTrue();
  }

  @Test
  void whenManyWantSomethingItWaitsLonger() {
    assertThat(gathering.suffices(101, 100, 10)).isFalse();
    assertThat(gathering.suffices(102, 100, 10 + Gathering.BUSY_PATIENCE_MILLIS - 1)).isFalse();
    assertThat(gathering.suffices(103, 100, 10 + Gathering.BUSY_PATIENCE_MILLIS)).isTrue();
  }

  @Test
  void patienceBeginsAnewForWhatComesAfterAProposal() {
    assertThat(gathering.suffices(6, 5, 0)).isFalse();
    assertThat(gathering.suffices(7, 5, Gathering.PATIENCE_MILLIS)).isTrue();
    assertThat(gathering.suffices(8, 7, Gathering.PATIENCE_MILLIS)).isFalse();
    assertThat(gathering.suffices(9, 7, 2 * Gathering.PATIENCE_MILLIS - 1)).isFalse();
  }
}
