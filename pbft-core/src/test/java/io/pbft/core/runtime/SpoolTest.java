package io.pbft.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Bytes, the oldest forgotten first, in chunks that are used again")
class SpoolTest {
  private static final int CAPACITY = 4 * Spool.CHUNK_BYTES;

  private record Entry(long position, byte[] bytes) {}

  private final Spool spool = new Spool(CAPACITY);

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void whatIsHeldIsWhatCame() {
    Random random = new Random(7);
    ArrayDeque<Entry> held = new ArrayDeque<>();
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(CAPACITY / 3)];
      random.nextBytes(bytes);
      while (spool.size() + bytes.length > CAPACITY) {
        Entry oldest = held.remove();
        spool.dropUntil(oldest.position() + oldest.bytes().length);
      }
      held.add(new Entry(spool.end(), bytes));
      spool.add(bytes);
      Entry first = held.element();
      assertThat(spool.copy(first.position(), first.bytes().length)).isEqualTo(first.bytes());
      assertThat(spool.copy(spool.end() - bytes.length, bytes.length)).isEqualTo(bytes);
    }
  }

  @Test
  void memoryIsTakenForWhatIsHeldAndNoMore() {
    assertThat(spool.chunks()).isZero();
    for (int i = 0; i < 10_000; i++) {
      spool.add(bytes(1_000, i));
      spool.dropUntil(spool.end() - 1_000);
    }
    assertThat(spool.chunks()).isLessThanOrEqualTo(3);
  }

  @Test
  void itCanBeFullFromAnyPosition() {
    spool.add(bytes(Spool.CHUNK_BYTES - 1, 1));
    spool.dropUntil(spool.end());
    byte[] all = new byte[CAPACITY];
    new Random(1).nextBytes(all);
    spool.add(all);
    assertThat(spool.copy(spool.end() - CAPACITY, CAPACITY)).isEqualTo(all);
    assertThatThrownBy(() -> spool.add(new byte[1])).isInstanceOf(IllegalArgumentException.class);
    assertThat(spool.size()).isEqualTo(CAPACITY);
  }

  @Test
  void whatIsForgottenCannotBeRead() {
    spool.add(bytes(10, 1));
    spool.dropUntil(4);
    assertThat(spool.copy(4, 6)).isEqualTo(bytes(6, 1));
    assertThatThrownBy(() -> spool.copy(3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> spool.copy(4, 7)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> spool.dropUntil(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> spool.dropUntil(11)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
