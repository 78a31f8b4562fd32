package io.pbft.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The share of the processors that a virtual machine's host keeps for itself. */
final class ProcessorTimeTest {
  @Test
  void stolenTimeIsTheEighthFieldAndGuestsAreCountedAlready() {
    ProcessorTime before = ProcessorTime.parse("cpu  100 0 50 800 10 0 5 35 40 0");
    ProcessorTime after = ProcessorTime.parse("cpu  150 0 60 820 10 0 5 55 90 0");
    assertThat(before).isEqualTo(new ProcessorTime(35, 1_000));
    assertThat(ProcessorTime.stolenPercent(before, after)).isEqualTo(20);
  }

  @Test
  void whereTheSystemDoesNotSayItIsNotKnown() {
    ProcessorTime some = new ProcessorTime(1, 10);
    assertThat(ProcessorTime.parse("cpu 1 2 3 4")).isNull();
    assertThat(ProcessorTime.parse("")).isNull();
    assertThat(ProcessorTime.stolenPercent(null, some)).isNaN();
    assertThat(ProcessorTime.stolenPercent(some, null)).isNaN();
    assertThat(ProcessorTime.stolenPercent(some, some)).as("no time has passed").isNaN();
  }
}
