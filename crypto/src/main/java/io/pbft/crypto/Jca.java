package io.pbft.crypto;

import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two JCA primitives used here, which every Java platform has to provide. */
final class Jca {
  private static final String HMAC = "HmacSHA256";

  private Jca() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java platform lacks SHA-256", e);
    }
  }

  /** Completes a SHA-256 into 32 bytes of {@code dest}. */
  static void digest(MessageDigest sha256, byte[] dest, int offset) {
    try {
      sha256.digest(dest, offset, Digest.LENGTH);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a digest", e);
    }
  }

  static SecretKeySpec hmacKey(byte[] raw) {
    return new SecretKeySpec(raw, HMAC);
  }

  static Mac hmacSha256(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks " + HMAC, e);
    }
  }
}
