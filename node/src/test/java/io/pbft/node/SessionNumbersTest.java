package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionNumbersTest {
  @Test
  void theyAscendEvenWhenTheClockDoesNot() {
    long[] millis = {1_800_000_000_000L};
    SessionNumbers numbers = new SessionNumbers(() -> millis[0]);
    long last = 0;
    for (int i = 0; i < 100_000; i++) {
      if (i == 50_000) {
        millis[0] -= 1_000_000;
      }
      long next = numbers.next();
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @Test
  void theyFitTheWire() {
    long year3000 = 32_503_680_000_000L;
    // Not through next(): the process's numbers would stay that high.
    assertThat((year3000 << 16) | 0xffff).isLessThan(Long.MAX_VALUE / 4);
  }
}
