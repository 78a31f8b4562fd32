package io.pbft.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

@DisplayName("A map from numbers is a sorted map")
class LongMapTest {
  @RepeatedTest(20)
  void itDoesWhatATreeMapDoes(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    LongMap<String> map = new LongMap<>();
    TreeMap<Long, String> expected = new TreeMap<>();
    for (int i = 0; i < 2_000; i++) {
      long key = random.nextInt(60) - 20 + (random.nextInt(10) == 0 ? Long.MIN_VALUE : 0);
      switch (random.nextInt(3)) {
        case 0 -> {
          map.put(key, "v" + i);
          expected.put(key, "v" + i);
        }
        case 1 -> assertThat(map.remove(key)).isEqualTo(expected.remove(key));
        default -> assertThat(map.get(key)).isEqualTo(expected.get(key));
      }
      // What was found last may be gone, or stand elsewhere.
      assertThat(map.get(key)).isEqualTo(expected.get(key));
      assertThat(map.get(key)).isEqualTo(expected.get(key));
      assertThat(map.size()).isEqualTo(expected.size());
      assertThat(map.isEmpty()).isEqualTo(expected.isEmpty());
    }
    List<Long> keys = new ArrayList<>();
    List<String> values = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          keys.add(key);
          values.add(value);
        });
    assertThat(keys).containsExactlyElementsOf(expected.keySet());
    assertThat(values).containsExactlyElementsOf(expected.values());
    map.clear();
    assertThat(map.isEmpty()).isTrue();
    assertThat(map.get(keys.get(0))).isNull();
  }
}
