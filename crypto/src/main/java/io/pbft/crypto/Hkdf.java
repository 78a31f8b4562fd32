package io.pbft.crypto;

import java.util.Arrays;
import javax.crypto.Mac;

/** HKDF-SHA256 (RFC 5869). */
final class Hkdf {
  private static final int HASH_LENGTH = 32;
  private static final int MAX_BLOCKS = 255;

  private Hkdf() {}

  /** A pseudo-random key of 32 bytes; an empty salt counts as 32 zero bytes. */
  static byte[] extract(byte[] salt, byte[] secret) {
    byte[] key = salt.length == 0 ? new byte[HASH_LENGTH] : salt;
    return Jca.hmacSha256(Jca.hmacKey(key)).doFinal(secret);
  }

  /** {@code length} bytes, at most 255 * 32, from a pseudo-random key and a context. */
  static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
    if (length < 0 || length > MAX_BLOCKS * HASH_LENGTH) {
      throw new IllegalArgumentException("HKDF-SHA256 can't give " + length + " bytes");
    }
    Mac mac = Jca.hmacSha256(Jca.hmacKey(pseudoRandomKey));
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    for (int counter = 1, done = 0; done < length; counter++, done += HASH_LENGTH) {
      mac.update(block);
      mac.update(info);
      mac.update((byte) counter);
      Arrays.fill(block, (byte) 0);
      block = mac.doFinal();
      System.arraycopy(block, 0, output, done, Math.min(HASH_LENGTH, length - done));
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }
}
