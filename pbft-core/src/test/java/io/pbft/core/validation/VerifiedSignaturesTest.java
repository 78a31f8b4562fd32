package io.pbft.core.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.crypto.SigningKey;
import org.junit.jupiter.api.Test;

/** What has verified once makes nothing else verify. */
class VerifiedSignaturesTest {
  private final SigningKey key = SigningKey.fromSeed(new byte[32]);
  private final SigningKey other = SigningKey.fromSeed(filled(1));
  private final byte[] message = {1, 2, 3};
  private final byte[] signature = key.sign(message);
  private final VerifiedSignatures signatures = new VerifiedSignatures();

  private static byte[] filled(int value) {
    byte[] seed = new byte[32];
    java.util.Arrays.fill(seed, (byte) value);
    return seed;
  }

  @Test
  void onlyTheSameKeyMessageAndSignatureAreKnown() {
    for (int round = 0; round < 2; round++) {
      assertThat(signatures.verify(key.verifyingKey(), message, signature)).isTrue();
      assertThat(signatures.verify(other.verifyingKey(), message, signature)).isFalse();
      assertThat(signatures.verify(key.verifyingKey(), new byte[] {1, 2, 4}, signature)).isFalse();
      byte[] forged = signature.clone();
      forged[40] ^= 1;
      assertThat(signatures.verify(key.verifyingKey(), message, forged)).isFalse();
      assertThat(signatures.verify(key.verifyingKey(), message, new byte[0])).isFalse();
    }
  }

  @Test
  void aFailureIsNotRemembered() {
    assertThat(signatures.verify(key.verifyingKey(), message, other.sign(message))).isFalse();
    assertThat(signatures.verify(key.verifyingKey(), message, signature)).isTrue();
  }
}
