package io.pbft.crypto;

import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The JCA primitives used here, which every Java platform has to provide. */
final class Jca {
  /** Bytes of an AES block. */
  static final int AES_BLOCK = 16;

  /** Bytes of the AES keys used: every Java platform has to provide AES with 128 bits. */
  static final int AES_KEY = 16;

  private static final String HMAC = "HmacSHA256";
  private static final String CBC = "AES/CBC/NoPadding";
  private static final String GCM = "AES/GCM/NoPadding";

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

  static SecretKeySpec aesKey(byte[] raw) {
    return new SecretKeySpec(raw, "AES");
  }

  /** Encrypts chains that begin with a block of zeros; after {@code doFinal} the next begins. */
  static Cipher aesCbc(SecretKeySpec key) {
    try {
      Cipher cipher = Cipher.getInstance(CBC);
      cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(new byte[AES_BLOCK]));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks " + CBC, e);
    }
  }

  /** To be initialised for each message. */
  static Cipher aesGcm() {
    try {
      return Cipher.getInstance(GCM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks " + GCM, e);
    }
  }
}
