package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
  private static final byte[] MESSAGE = Bytes.ascii("PRE-PREPARE");

  private final SigningKey key = SigningKey.generate(new SeededRandom(1));

  @ParameterizedTest(name = "RFC 8032, 7.1, test {0}")
  @CsvSource({
    "1,"
        + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
        + "'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "2,"
        + "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
        + "72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "3,"
        + "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,"
        + "af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void matchesTheVectors(int number, String seed, String publicKey, String message, String sig) {
    SigningKey signer = SigningKey.fromSeed(Bytes.hex(seed));
    assertThat(signer.verifyingKey().toBytes())
        .as("test %d", number)
        .isEqualTo(Bytes.hex(publicKey));
    assertThat(signer.sign(Bytes.hex(message))).isEqualTo(Bytes.hex(sig));
    assertThat(
            VerifyingKey.fromBytes(Bytes.hex(publicKey)).verify(Bytes.hex(message), Bytes.hex(sig)))
        .isTrue();
  }

  @Test
  void signaturesAreDeterministic() {
    assertThat(key.sign(MESSAGE)).isEqualTo(key.sign(MESSAGE)).hasSize(64);
  }

  @Test
  void everyFlippedBitOfASignatureOrMessageIsRefused() {
    byte[] signature = key.sign(MESSAGE);
    for (int bit = 0; bit < signature.length * 8; bit++) {
      assertThat(key.verifyingKey().verify(MESSAGE, Bytes.flipBit(signature, bit))).isFalse();
    }
    for (int bit = 0; bit < MESSAGE.length * 8; bit++) {
      assertThat(key.verifyingKey().verify(Bytes.flipBit(MESSAGE, bit), signature)).isFalse();
    }
  }

  @Test
  void anotherKeyRefuses() {
    SigningKey other = SigningKey.generate(new SeededRandom(2));
    assertThat(other.verifyingKey().verify(MESSAGE, key.sign(MESSAGE))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32, 63, 65, 128})
  void otherLengthsAreFalse(int length) {
    byte[] signature = Arrays.copyOf(key.sign(MESSAGE), length);
    assertThat(key.verifyingKey().verify(MESSAGE, signature)).isFalse();
  }

  @Test
  void randomSignaturesAreFalseAndNeverThrow() {
    SeededRandom random = new SeededRandom(3);
    for (int i = 0; i < 2000; i++) {
      assertThat(key.verifyingKey().verify(random.bytes(random.below(50)), random.bytes(64)))
          .isFalse();
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "identity, 0100000000000000000000000000000000000000000000000000000000000000",
    "order 2, ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "order 4, 0000000000000000000000000000000000000000000000000000000000000000",
    "order 4, 0000000000000000000000000000000000000000000000000000000000000080",
    "order 8, 26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "order 8, 26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "order 8, c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "order 8, c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "minus zero x, 0100000000000000000000000000000000000000000000000000000000000080",
    "minus zero x, ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "y = p, edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "y = p, edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "y = p + 1, eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "y = p + 1, eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "y = p + 3, f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "y = 2^255 - 1, ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "off the curve, 0200000000000000000000000000000000000000000000000000000000000000"
  })
  void refusesDegenerateKeys(String what, String encoded) {
    assertThatThrownBy(() -> VerifyingKey.fromBytes(Bytes.hex(encoded)))
        .as(what)
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesPointsOutsideThePrimeOrderGroup() {
    SeededRandom random = new SeededRandom(4);
    int onTheCurve = 0;
    int accepted = 0;
    for (int i = 0; i < 400; i++) {
      byte[] raw = random.bytes(VerifyingKey.LENGTH);
      onTheCurve += Ed25519.validatePublicKeyPartial(raw, 0) ? 1 : 0;
      accepted += accepts(raw) ? 1 : 0;
    }
    // Half of all strings are points, and one point in eight is in the group.
    assertThat(onTheCurve).isBetween(150, 250);
    assertThat(accepted).isBetween(10, 50);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesKeysOfOtherLengths(int length) {
    assertThatThrownBy(() -> VerifyingKey.fromBytes(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SigningKey.fromSeed(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysAreCopiedAndEqualByValue() {
    byte[] raw = key.verifyingKey().toBytes();
    VerifyingKey decoded = VerifyingKey.fromBytes(raw);
    assertThat(decoded).isEqualTo(key.verifyingKey()).hasSameHashCodeAs(key.verifyingKey());
    raw[0] ^= 1;
    decoded.toBytes()[0] ^= 1;
    assertThat(decoded).isEqualTo(key.verifyingKey());
    assertThat(decoded.fingerprint())
        .isEqualTo(Digest.of(decoded.toBytes()).toHex().substring(0, 16));
  }

  private static boolean accepts(byte[] raw) {
    try {
      VerifyingKey.fromBytes(raw);
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }
}
