package io.pbft.crypto;

import java.security.PublicKey;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key, decoded once. Immutable, thread safe.
 *
 * <p>Strict where RFC 8032 leaves room: a key is canonically encoded and in the prime-order group,
 * R is canonically encoded, and S is below the group order. Others can't change a signature into
 * another valid one; its owner can make many for one message, so signature bytes are never an
 * identity.
 *
 * <p>The equation checked is the one with the cofactor 8. Implementations without it refuse some
 * signatures, which only a faulty owner can make, that are valid here: all replicas of a cluster
 * use this one.
 */
public final class VerifyingKey {
  /** Bytes in an encoded public key. */
  public static final int LENGTH = Ed25519.PUBLIC_KEY_SIZE;

  /** Bytes in a signature. */
  public static final int SIGNATURE_LENGTH = Ed25519.SIGNATURE_SIZE;

  private static final int FINGERPRINT_DIGITS = 16;

  private final byte[] raw;
  private final Ed25519.PublicPoint point;
  // Null before the first signature, and where there is no faster way than Bouncy Castle's.
  private volatile PublicKey fast;

  VerifyingKey(byte[] raw, Ed25519.PublicPoint point) {
    this.raw = raw;
    this.point = point;
  }

  /**
   * Decodes and fully validates a public key, which costs about as much as verifying a signature.
   *
   * @throws IllegalArgumentException if {@code raw32} is not {@value #LENGTH} bytes, not a
   *     canonical encoding, not on the curve, or outside the prime-order group (small or mixed
   *     order)
   */
  public static VerifyingKey fromBytes(byte[] raw32) {
    if (raw32.length != LENGTH) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + raw32.length);
    }
    byte[] raw = raw32.clone();
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(raw, 0);
    if (point == null) {
      throw new IllegalArgumentException("not a canonical Ed25519 public key of prime order");
    }
    return new VerifyingKey(raw, point);
  }

  /** The encoded key, a fresh array of {@value #LENGTH} bytes. */
  public byte[] toBytes() {
    return raw.clone();
  }

  /**
   * Whether {@code signature} is this key's over {@code message}. Never throws, whatever the bytes;
   * a signature that is not {@value #SIGNATURE_LENGTH} bytes is false.
   */
  public boolean verify(byte[] message, byte[] signature) {
    return signature.length == SIGNATURE_LENGTH
        && (verifiesFast(message, signature)
            || Ed25519.verify(signature, 0, point, message, 0, message.length));
  }

  private boolean verifiesFast(byte[] message, byte[] signature) {
    CorrettoEd25519 corretto = CorrettoEd25519.orNull();
    return corretto != null && corretto.verify(fast(corretto), message, signature);
  }

  private PublicKey fast(CorrettoEd25519 corretto) {
    PublicKey key = fast;
    if (key == null) {
      key = corretto.publicKey(raw);
      fast = key;
    }
    return key;
  }

  /** The first 16 hexadecimal digits of the key's SHA-256, for people to compare. */
  public String fingerprint() {
    return Digest.of(raw).toHex().substring(0, FINGERPRINT_DIGITS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  @Override
  public String toString() {
    return "VerifyingKey[" + fingerprint() + "]";
  }
}
