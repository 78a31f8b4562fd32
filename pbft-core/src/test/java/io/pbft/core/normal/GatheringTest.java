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
  void besideBatchesInFlightAsManyRequestsMustHaveGathered() {
    assertThat(gathering.suffices(100 + 99, 100, 0)).isFalse();
    assertThat(gathering.suffices(100 + 100, 100, 0)).isTrue();
  }

  @Test
  void aFullBatchGoesWhateverIsInFlight() {
    assertThat(gathering.suffices(8 * BATCH + BATCH, 8 * BATCH, 0)).isTrue();
  }

  @Test
  void whatHasWaitedLongEnoughGoes() {
    assertThat(gathering.suffices(101, 100, 10)).isFalse();
    assertThat(gathering.suffices(102, 100, 10 + Gathering.PATIENCE_MILLIS - 1)).isFalse();
    assertThat(gathering.suffices(103, 100, 10 + Gathering.PATIENCE_MILLIS)).isTrue();
  }

  @Test
  void patienceBeginsAnewForWhatComesAfterAProposal() {
    assertThat(gathering.suffices(101, 100, 0)).isFalse();
    assertThat(gathering.suffices(102, 100, Gathering.PATIENCE_MILLIS)).isTrue();
    assertThat(gathering.suffices(103, 102, Gathering.PATIENCE_MILLIS)).isFalse();
    assertThat(gathering.suffices(104, 102, 2 * Gathering.PATIENCE_MILLIS - 1)).isFalse();
  }
}
