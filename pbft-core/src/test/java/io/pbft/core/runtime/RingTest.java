package io.pbft.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@DisplayName("A ring is a sorted map of numbers that are close to each other")
class RingTest {
  @RepeatedTest(20)
  void itDoesWhatATreeMapDoes(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    long base = repetition.getCurrentRepetition() % 2 == 0 ? -20 : Long.MAX_VALUE - 3_000;
    Ring<String> ring = new Ring<>();
    TreeMap<Long, String> map = new TreeMap<>();
    for (int i = 0; i < 3_000; i++) {
      long key = base + i / 2 + random.nextInt(1 + i / 30);
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          ring.put(key, "v" + i);
          map.put(key, "v" + i);
        }
        case 2 -> assertThat(ring.remove(key)).isEqualTo(map.remove(key));
        default -> {
          var first = map.pollFirstEntry();
          assertThat(ring.pollFirst()).isEqualTo(first == null ? null : first.getValue());
        }
      }
      assertThat(ring.get(key)).isEqualTo(map.get(key));
      assertThat(ring.size()).isEqualTo(map.size());
      assertThat(ring.isEmpty()).isEqualTo(map.isEmpty());
      if (!map.isEmpty()) {
        assertThat(ring.firstKey()).isEqualTo(map.firstKey());
      }
    }
    TreeMap<Long, String> copy = new TreeMap<>();
    ring.forEach(copy::put);
    assertThat(copy).isEqualTo(map);
  }

  @Test
  void keysTooFarApartAreRefused() {
    Ring<String> ring = new Ring<>();
    ring.put(5, "a");
    assertThatThrownBy(() -> ring.put(5 + (1L << 24), "b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ring.put(Long.MIN_VALUE, "b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ring.size()).isEqualTo(1);
    assertThat(ring.get(5)).isEqualTo("a");
  }

  @Test
  void anEmptyRingHasNoFirstKey() {
    Ring<String> ring = new Ring<>();
    assertThat(ring.pollFirst()).isNull();
    assertThatThrownBy(ring::firstKey).isInstanceOf(IllegalStateException.class);
  }
}
