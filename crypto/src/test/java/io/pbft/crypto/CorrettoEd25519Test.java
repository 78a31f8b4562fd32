package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The module's tests run twice, with Bouncy Castle alone and with the Corretto provider on the
 * class path; what is here needs both.
 */
class CorrettoEd25519Test {
  private static final int MESSAGES = 200;

  private final Random random = new Random(1);
  private CorrettoEd25519 corretto;

  @BeforeEach
  void load() {
    corretto = CorrettoEd25519.orNull();
    assumeTrue(corretto != null, "signatures by " + SigningKey.implementation());
  }

  @Test
  void bothMakeTheSameSignatures() {
    for (int i = 0; i < MESSAGES; i++) {
      byte[] seed = bytes(SigningKey.SEED_LENGTH);
      byte[] message = bytes(random.nextInt(300));
      PrivateKey key = corretto.privateKey(seed);
      byte[] expected = new byte[VerifyingKey.SIGNATURE_LENGTH];
      Ed25519.sign(seed, 0, message, 0, message.length, expected, 0);
      assertThat(corretto.sign(key, message)).isEqualTo(expected);
    }
  }

  @Test
  void bothJudgeFlippedBitsAlike() {
    byte[] message = bytes(40);
    SigningKey key = SigningKey.fromSeed(bytes(SigningKey.SEED_LENGTH));
    byte[] raw = key.verifyingKey().toBytes();
    PublicKey fast = corretto.publicKey(raw);
    byte[] signature = key.sign(message);
    assertThat(corretto.verify(fast, message, signature)).isTrue();
    for (int bit = 0; bit < 8 * signature.length; bit++) {
      byte[] flipped = Bytes.flipBit(signature, bit);
      assertThat(corretto.verify(fast, message, flipped))
          .as("bit %d", bit)
          .isEqualTo(Ed25519.verify(flipped, 0, raw, 0, message, 0, message.length));
    }
  }

  @Test
  void aSignatureOfAnyOtherLengthIsFalseWithoutAnException() {
    PublicKey fast =
        corretto.publicKey(
            SigningKey.fromSeed(bytes(SigningKey.SEED_LENGTH)).verifyingKey().toBytes());
    for (int length : new int[] {0, 1, 63, 65, 1000}) {
      assertThat(corretto.verify(fast, bytes(10), bytes(length))).as("%d bytes", length).isFalse();
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
