package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
  private final MacKey key = MacKey.fromBytes(new SeededRandom(1).bytes(MacKey.LENGTH));
  private final Authenticator authenticator = key.newAuthenticator();

  static Arguments[] rfc4231() {
    return new Arguments[] {
      Arguments.of(
          1, Bytes.repeat(0x0b, 20), Bytes.ascii("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b"),
      Arguments.of(
          2,
          Bytes.ascii("Jefe"),
          Bytes.ascii("what do ya want for nothing?"),
          "5bdcc146bf60754e6a042426089575c7"),
      Arguments.of(
          3, Bytes.repeat(0xaa, 20), Bytes.repeat(0xdd, 50), "773ea91e36800e46854db8ebd09181a7"),
      Arguments.of(
          5,
          Bytes.repeat(0x0c, 20),
          Bytes.ascii("Test With Truncation"),
          "a3b6167473100ee06e0c796c2955552b"),
      Arguments.of(
          6,
          Bytes.repeat(0xaa, 131),
          Bytes.ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
          "60e431591ee0b67f0d8a26aacbf5b77f")
    };
  }

  @ParameterizedTest(name = "RFC 4231, test case {0}")
  @MethodSource("rfc4231")
  void matchesTheVectors(int number, byte[] rawKey, byte[] data, String tag) {
    Authenticator vector = new Authenticator(Jca.hmacSha256(Jca.hmacKey(rawKey)));
    assertThat(vector.update(data).tag()).as("case %d", number).isEqualTo(Bytes.hex(tag));
  }

  @Test
  void updatesConcatenate() {
    byte[] tag = authenticator.update(Bytes.hex("0102030405060708090a")).tag();
    assertThat(authenticator.updateLong(0x0102030405060708L).update(Bytes.hex("090a")).tag())
        .isEqualTo(tag);
    assertThat(authenticator.update(Bytes.hex("ff0102030405060708090aff"), 1, 10).tag())
        .isEqualTo(tag)
        .hasSize(Authenticator.TAG_LENGTH);
  }

  @Test
  void tagAndVerifyStartAgain() {
    byte[] tag = authenticator.update(Bytes.ascii("a")).tag();
    assertThat(authenticator.update(Bytes.ascii("a")).verify(tag, 0)).isTrue();
    assertThat(authenticator.update(Bytes.ascii("b")).verify(tag, 0)).isFalse();
    assertThat(authenticator.update(Bytes.ascii("b")).verify(tag, 1)).isFalse();
    assertThat(authenticator.update(Bytes.ascii("a")).verify(tag, 0)).isTrue();
  }

  @Test
  void writesAndVerifiesAtAnOffset() {
    byte[] frame = Bytes.repeat(0x55, 20);
    authenticator.update(Bytes.ascii("a")).tag(frame, 3);
    assertThat(frame).startsWith(0x55, 0x55, 0x55).endsWith(0x55);
    assertThat(authenticator.update(Bytes.ascii("a")).verify(frame, 3)).isTrue();
    assertThat(authenticator.update(Bytes.ascii("a")).verify(frame, 4)).isFalse();
  }

  @Test
  void everyFlippedBitOfATagIsRefused() {
    byte[] tag = authenticator.update(Bytes.ascii("a")).tag();
    for (int bit = 0; bit < tag.length * 8; bit++) {
      assertThat(authenticator.update(Bytes.ascii("a")).verify(Bytes.flipBit(tag, bit), 0))
          .isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 1, 16, Integer.MAX_VALUE})
  void tagsThatDoNotFitAreFalse(int offset) {
    byte[] tag = authenticator.update(Bytes.ascii("a")).tag();
    assertThat(authenticator.update(Bytes.ascii("a")).verify(tag, offset)).isFalse();
    assertThat(authenticator.update(Bytes.ascii("a")).verify(Arrays.copyOf(tag, 15), 0)).isFalse();
    assertThatThrownBy(() -> authenticator.tag(tag, offset))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void keysDiffer() {
    MacKey other = MacKey.fromBytes(new SeededRandom(2).bytes(MacKey.LENGTH));
    byte[] tag = authenticator.update(Bytes.ascii("a")).tag();
    assertThat(other.newAuthenticator().update(Bytes.ascii("a")).verify(tag, 0)).isFalse();
    assertThat(other.id()).isNotEqualTo(key.id());
  }

  @Test
  void theIdIsTheStartOfAMac() {
    byte[] mac = authenticator.update(Bytes.ascii("id")).tag();
    assertThat(ByteBuffer.wrap(mac).getInt()).isEqualTo(key.id());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33})
  void refusesKeysOfOtherLengths(int length) {
    assertThatThrownBy(() -> MacKey.fromBytes(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
