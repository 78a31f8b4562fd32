package io.pbft.crypto;

import java.security.PrivateKey;
import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 private key (RFC 8032, pure mode). Immutable, thread safe.
 *
 * <p>Signatures are deterministic: one key and message always give the same 64 bytes.
 */
public final class SigningKey {
  /** Bytes in the seed that is the private key. */
  public static final int SEED_LENGTH = Ed25519.SECRET_KEY_SIZE;

  private final byte[] seed;
  // Signing with a public key of the caller's choice would leak the private one: it stays in here.
  private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
  private final VerifyingKey verifyingKey;
  // Null before the first signature, and where there is no faster way than Bouncy Castle's.
  private volatile PrivateKey fast;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    Ed25519.PublicPoint point = Ed25519.generatePublicKey(seed, 0);
    Ed25519.encodePublicPoint(point, publicKey, 0);
    this.verifyingKey = new VerifyingKey(publicKey.clone(), point);
  }

  /**
   * What makes and checks signatures in this process, for people to read: Bouncy Castle, or the
   * faster Amazon Corretto Crypto Provider where its jar is on the class path. Both give the same
   * answers.
   */
  public static String implementation() {
    return CorrettoEd25519.implementation();
  }

  /** A new key, from 32 bytes of {@code random}. */
  public static SigningKey generate(SecureRandom random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /**
   * The key that grows from {@code seed32}, which is copied.
   *
   * @throws IllegalArgumentException if it is not exactly {@value #SEED_LENGTH} bytes
   */
  public static SigningKey fromSeed(byte[] seed32) {
    if (seed32.length != SEED_LENGTH) {
      throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed32.length);
    }
    return new SigningKey(seed32.clone());
  }

  /** The public half. */
  public VerifyingKey verifyingKey() {
    return verifyingKey;
  }

  /** The signature of {@code message}, {@value VerifyingKey#SIGNATURE_LENGTH} bytes. */
  public byte[] sign(byte[] message) {
    CorrettoEd25519 corretto = CorrettoEd25519.orNull();
    if (corretto != null) {
      return corretto.sign(fast(corretto), message);
    }
    byte[] signature = new byte[VerifyingKey.SIGNATURE_LENGTH];
    Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
    return signature;
  }

  private PrivateKey fast(CorrettoEd25519 corretto) {
    PrivateKey key = fast;
    if (key == null) {
      key = corretto.privateKey(seed);
      fast = key;
    }
    return key;
  }

  /** A copy of the secret itself, for {@link KeyFiles} only, which wipes it. */
  byte[] seed() {
    return seed.clone();
  }

  /** Names the public half, never the secret. */
  @Override
  public String toString() {
    return "SigningKey[public=" + verifyingKey.fingerprint() + "]";
  }
}
