package io.pbft.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The AES-GCM key of one direction of a {@link Session}, and the number of its next message, which
 * is the nonce. Both ends replace the key after every {@value #MESSAGES} messages by one from which
 * it can't be found, so that no key seals so much that GCM's bounds come near, and what was sent
 * before stays secret when a later key is stolen.
 */
final class ChannelKey {
  /** Messages under one key. Of at most 16 MiB each they stay below 2^41 blocks. */
  static final long MESSAGES = 1L << 20;

  private static final byte[] KEY = "pbft-channel-key".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NEXT = "pbft-channel-next".getBytes(StandardCharsets.US_ASCII);
  private static final int SECRET_LENGTH = 32;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 8 * SealingChannel.OVERHEAD;

  private final Cipher gcm = Jca.aesGcm();
  private final ByteBuffer nonce = ByteBuffer.allocate(NONCE_LENGTH);
  private byte[] secret;
  private SecretKeySpec key;
  private long number;

  /** The secret's bytes are copied. */
  ChannelKey(byte[] secret) {
    this.secret = secret.clone();
    derive();
  }

  /** The cipher for the message whose turn it is. */
  Cipher next(int mode) {
    nonce.putLong(NONCE_LENGTH - Long.BYTES, number);
    try {
      gcm.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce.array()));
      return gcm;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM refuses its key or nonce", e);
    }
  }

  /** It was sealed or opened: the next one's turn. */
  void advance() {
    number++;
    if (number % MESSAGES == 0) {
      byte[] spent = secret;
      secret = Hkdf.expand(spent, NEXT, SECRET_LENGTH);
      Arrays.fill(spent, (byte) 0);
      derive();
    }
  }

  private void derive() {
    byte[] raw = Hkdf.expand(secret, KEY, Jca.AES_KEY);
    key = Jca.aesKey(raw);
    Arrays.fill(raw, (byte) 0);
  }
}
