package io.pbft.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PinningTest {
  @ParameterizedTest
  @CsvSource({"0-1, 0, 1", "'0,2-5', 0, 5", "'3,7', 3, 7", "4, 4, 4"})
  void theFirstAndTheLastOfAListOfProcessors(String list, String first, String last) {
    assertThat(Pinning.one(list, false)).isEqualTo(first);
    assertThat(Pinning.one(list, true)).isEqualTo(last);
  }
}
