package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
  private final MacKey key = MacKey.fromBytes(new SeededRandom(1).bytes(MacKey.LENGTH));
  private final Authenticator authenticator = key.newAuthenticator();

  /** The messages of RFC 4493, section 4, are the first bytes of this one. */
  private static final byte[] MESSAGE =
      Bytes.hex(
          "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
              + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

  @ParameterizedTest(name = "RFC 4493, {0} bytes")
  @CsvSource({
    "0, bb1d6929e95937287fa37d129b756746",
    "16, 070a16b46b4d4144f79bdd9dd04a287c",
    "40, dfa66747de9ae63030ca32611497c827",
    "64, 51f0bebf7e3b9d92fc49741779363cfe"
  })
  void matchesTheVectors(int length, String tag) {
    MacKey vector = MacKey.fromBytes(Bytes.hex("2b7e151628aed2a6abf7158809cf4f3c"));
    assertThat(vector.newAuthenticator().update(MESSAGE, 0, length).tag())
        .isEqualTo(Bytes.hex(tag));
  }

  @Test
  void isWhatBouncyCastleCallsCmacAtEveryLengthHoweverItIsFed() {
    SeededRandom random = new SeededRandom(3);
    byte[] raw = random.bytes(MacKey.LENGTH);
    CMac other = new CMac(AESEngine.newInstance());
    other.init(new KeyParameter(raw));
    Authenticator ours = MacKey.fromBytes(raw).newAuthenticator();
    byte[] tag = new byte[Authenticator.TAG_LENGTH];
    for (int length = 0; length < 600; length++) {
      byte[] data = random.bytes(length);
      other.update(data, 0, length);
      other.doFinal(tag, 0);
      int half = length * 7 / 13;
      assertThat(ours.update(data).tag()).as("%d bytes", length).isEqualTo(tag);
      assertThat(ours.update(data, 0, half).update(data, half, length - half).verify(tag, 0))
          .as("%d bytes in two parts", length)
          .isTrue();
    }
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
  @ValueSource(ints = {0, 15, 17, 32})
  void refusesKeysOfOtherLengths(int length) {
    assertThatThrownBy(() -> MacKey.fromBytes(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
