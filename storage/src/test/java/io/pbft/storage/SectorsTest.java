package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SectorsTest {
  private static final int LONGEST = 5 * Sectors.BYTES;

  @RepeatedTest(20)
  @DisplayName("They hold what an array would, whatever is written, cut off and added")
  void theyHoldWhatAnArrayWould(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Sectors sectors = new Sectors();
    byte[] array = {};
    for (int i = 0; i < 300; i++) {
      int at = random.nextInt(LONGEST);
      byte[] bytes = new byte[random.nextInt(2 * Sectors.BYTES)];
      switch (random.nextInt(4)) {
        case 0 -> {
          sectors.setLength(at);
          array = Arrays.copyOf(array, at);
        }
        case 1 -> {
          sectors.write(ByteBuffer.wrap(bytes), bytes.length, at);
          array = written(array, bytes, at);
        }
        case 2 -> {
          random.nextBytes(bytes);
          sectors.write(ByteBuffer.wrap(bytes), bytes.length, at);
          array = written(array, bytes, at);
        }
        default -> {
          ByteBuffer part = ByteBuffer.allocate(bytes.length);
          sectors.read(part, bytes.length, at);
          int end = Math.min(array.length, at + bytes.length);
          byte[] expected = at < end ? Arrays.copyOfRange(array, at, end) : new byte[0];
          assertThat(Arrays.copyOf(part.array(), part.position())).isEqualTo(expected);
        }
      }
      assertThat(sectors.toBytes()).isEqualTo(array);
    }
    assertThat(Sectors.of(array).toBytes()).isEqualTo(array);
  }

  private static byte[] written(byte[] array, byte[] bytes, int at) {
    byte[] after = Arrays.copyOf(array, Math.max(array.length, at + bytes.length));
    System.arraycopy(bytes, 0, after, at, bytes.length);
    return after;
  }

  @Test
  void aCopyKeepsWhatItWas() {
    Sectors cached = Sectors.of(new byte[] {1, 2, 3});
    Sectors durable = cached.copy();
    cached.write(ByteBuffer.wrap(new byte[] {9}), 1, 1);
    assertThat(durable.toBytes()).containsExactly(1, 2, 3);
    durable.share(cached, 0);
    cached.write(ByteBuffer.wrap(new byte[] {8}), 1, 2);
    assertThat(durable.toBytes()).containsExactly(1, 9, 3);
  }

  @Test
  void aTornSectorIsTakenInPartAndNoFurtherThanBothGo() {
    byte[] ones = new byte[2 * Sectors.BYTES];
    Arrays.fill(ones, (byte) 1);
    Sectors torn = new Sectors();
    torn.setLength(Sectors.BYTES + 3);
    torn.take(Sectors.of(ones), 0, 2);
    torn.take(Sectors.of(ones), 1, 100);
    torn.take(Sectors.of(ones), 2, 100);
    byte[] expected = new byte[Sectors.BYTES + 3];
    Arrays.fill(expected, 0, 2, (byte) 1);
    Arrays.fill(expected, Sectors.BYTES, expected.length, (byte) 1);
    assertThat(torn.toBytes()).isEqualTo(expected);
  }
}
