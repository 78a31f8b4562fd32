package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
  @ParameterizedTest(name = "FIPS 180-4: \"{0}\"")
  @CsvSource({
    "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq,"
        + " 248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
  })
  void hashesTheStandardsExamples(String input, String expected) {
    assertThat(Digest.of(Bytes.ascii(input)).toHex()).isEqualTo(expected);
  }

  @Test
  void hashesAMillionTimesA() {
    assertThat(Digest.of(Bytes.repeat('a', 1_000_000)).toHex())
        .isEqualTo("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }

  @Test
  void hashesARange() {
    byte[] padded = Bytes.ascii("..abc...");
    assertThat(Digest.of(padded, 2, 3)).isEqualTo(Digest.of(Bytes.ascii("abc")));
    assertThatThrownBy(() -> Digest.of(padded, 6, 3)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void goesToBytesAndHexAndBack() {
    byte[] raw = new SeededRandom(1).bytes(Digest.LENGTH);
    Digest digest = Digest.fromBytes(raw);
    assertThat(digest.toBytes()).isEqualTo(raw);
    assertThat(Digest.fromHex(digest.toHex())).isEqualTo(digest).hasSameHashCodeAs(digest);
    assertThat(Digest.fromHex(digest.toHex().toUpperCase(Locale.ROOT))).isEqualTo(digest);

    byte[] room = new byte[40];
    digest.copyTo(room, 5);
    assertThat(Digest.fromBytes(room, 5)).isEqualTo(digest);
  }

  @Test
  void isNotChangedThroughTheArraysItCameFromOrGave() {
    byte[] raw = new byte[Digest.LENGTH];
    Digest digest = Digest.fromBytes(raw);
    raw[0] = 1;
    digest.toBytes()[0] = 1;
    assertThat(digest).isEqualTo(Digest.ZERO);
  }

  @Test
  void everyByteCounts() {
    for (int bit = 0; bit < Digest.LENGTH * 8; bit++) {
      Digest flipped = Digest.fromBytes(Bytes.flipBit(Digest.ZERO.toBytes(), bit));
      assertThat(flipped).isNotEqualTo(Digest.ZERO);
      assertThat(flipped).isGreaterThan(Digest.ZERO);
    }
  }

  @Test
  void ordersAsUnsignedBytes() {
    SeededRandom random = new SeededRandom(2);
    for (int i = 0; i < 1000; i++) {
      byte[] a = random.bytes(Digest.LENGTH);
      byte[] b = random.bytes(Digest.LENGTH);
      System.arraycopy(a, 0, b, 0, random.below(Digest.LENGTH + 1));
      assertThat(Integer.signum(Digest.fromBytes(a).compareTo(Digest.fromBytes(b))))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
    }
  }

  @Test
  void showsItsFirstEightDigits() {
    assertThat(Digest.of(Bytes.ascii("abc"))).hasToString("ba7816bf");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesOtherLengths(int length) {
    assertThatThrownBy(() -> Digest.fromBytes(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Digest.fromHex("0".repeat(2 * length)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesWhatIsNotHexOrDoesNotFit() {
    assertThatThrownBy(() -> Digest.fromHex("g".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Digest.fromBytes(new byte[32], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Digest.ZERO.copyTo(new byte[32], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
