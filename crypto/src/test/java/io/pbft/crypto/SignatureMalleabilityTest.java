package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Signatures that satisfy the equation of RFC 8032, 5.1.7, but not its encoding rules. */
class SignatureMalleabilityTest {
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final byte[] IDENTITY = littleEndian(BigInteger.ONE);
  private static final byte[] IDENTITY_AS_P_PLUS_1 =
      littleEndian(BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(18)));

  private static final byte[] ORDER_8 =
      Bytes.hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

  private final byte[] seed = new SeededRandom(1).bytes(SigningKey.SEED_LENGTH);
  private final SigningKey key = SigningKey.fromSeed(seed);

  @Test
  void addingTheGroupOrderToSIsRefused() {
    byte[] message = Bytes.ascii("COMMIT");
    byte[] signature = key.sign(message);
    BigInteger s = fromLittleEndian(Arrays.copyOfRange(signature, 32, 64));
    for (int k = 1; k <= 15; k++) {
      byte[] shifted = littleEndian(s.add(L.multiply(BigInteger.valueOf(k))));
      assertThat(key.verifyingKey().verify(message, Bytes.patched(signature, 32, shifted)))
          .as("S + %d L", k)
          .isFalse();
    }
  }

  @Test
  void nonCanonicalRIsRefused() throws NoSuchAlgorithmException {
    byte[] message = Bytes.ascii("COMMIT");
    assertThat(key.verifyingKey().verify(message, withZeroNonce(IDENTITY, message))).isTrue();
    assertThat(key.verifyingKey().verify(message, withZeroNonce(IDENTITY_AS_P_PLUS_1, message)))
        .isFalse();
  }

  /**
   * RFC 8032 allows the equation with or without the cofactor 8. Which one decides here, so that a
   * change of it, over which replicas of different versions would disagree, does not go unnoticed.
   */
  @Test
  void theEquationIsTheOneWithTheCofactor() throws NoSuchAlgorithmException {
    for (int i = 0; i < 100; i++) {
      byte[] message = Bytes.ascii("COMMIT " + i);
      assertThat(key.verifyingKey().verify(message, withZeroNonce(ORDER_8, message))).isTrue();
    }
  }

  /**
   * A signature with nonce 0, whose R is some encoding of a point of small order: S = k * secret.
   */
  private byte[] withZeroNonce(byte[] encodedR, byte[] message) throws NoSuchAlgorithmException {
    MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
    byte[] scalar = Arrays.copyOf(sha512.digest(seed), 32);
    scalar[0] &= (byte) 0xf8;
    scalar[31] &= 0x7f;
    scalar[31] |= 0x40;
    byte[] challenge = sha512.digest(Bytes.concat(encodedR, key.verifyingKey().toBytes(), message));
    BigInteger s = fromLittleEndian(challenge).multiply(fromLittleEndian(scalar)).mod(L);
    return Bytes.concat(encodedR, littleEndian(s));
  }

  private static BigInteger fromLittleEndian(byte[] bytes) {
    return new BigInteger(1, reversed(bytes));
  }

  private static byte[] littleEndian(BigInteger value) {
    byte[] bigEndian = value.toByteArray();
    int start = bigEndian[0] == 0 ? 1 : 0;
    byte[] trimmed = Arrays.copyOfRange(bigEndian, start, bigEndian.length);
    return Arrays.copyOf(reversed(trimmed), 32);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = bytes[bytes.length - 1 - i];
    }
    return result;
  }
}
