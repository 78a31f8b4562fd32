package io.pbft.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a fixed piece of work takes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class PaceTest {
  @Test
  void itIsTheMedianOfWhatWasDone() {
    assertThat(Pace.median(new long[] {9_000, 1_000, 2_500, 0, 0}, 3)).isEqualTo(2.5);
    assertThat(Pace.median(new long[] {4_000, 0}, 1)).isEqualTo(4);
    assertThat(Pace.median(new long[5], 0)).isNaN();
  }

  @Test
  void whatWasBegunOnceIsMeasured() throws Exception {
    try (Pace pace = Pace.start()) {
      pace.awaitFirst();
      assertThat(pace.end()).isPositive();
    }
  }
}
