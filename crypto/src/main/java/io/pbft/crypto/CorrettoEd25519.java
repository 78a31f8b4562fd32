package io.pbft.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * Ed25519 by the Amazon Corretto Crypto Provider, which is native code and two to three times as
 * fast as Bouncy Castle, where its jar is on the class path and runs on this machine. Optional, and
 * without influence on what is valid: signatures are deterministic, so both make the same; and what
 * this one verifies Bouncy Castle does, too, since its equation, without the cofactor, implies the
 * one with it. What this one refuses, Bouncy Castle is asked about. Thread safe.
 */
final class CorrettoEd25519 {
  private static final String PROVIDER =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
  private static final String ALGORITHM = "Ed25519";

  // RFC 8410: what stands before the 32 bytes of a key.
  private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] PRIVATE_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private static final String FALLBACK = "Bouncy Castle";

  private record Loading(CorrettoEd25519 loaded, String implementation) {}

  private static final Loading LOADING = load();

  private final Provider provider;
  private final KeyFactory keys;

  private CorrettoEd25519(Provider provider) throws GeneralSecurityException {
    this.provider = provider;
    this.keys = KeyFactory.getInstance(ALGORITHM);
  }

  /** Null where it is not there. */
  static CorrettoEd25519 orNull() {
    return LOADING.loaded();
  }

  /** Who makes and checks signatures in this process, for people to read. */
  static String implementation() {
    return LOADING.implementation();
  }

  private static Loading load() {
    try {
      Provider provider = (Provider) Class.forName(PROVIDER).getField("INSTANCE").get(null);
      CorrettoEd25519 loaded = new CorrettoEd25519(provider);
      loaded.selfTest();
      return new Loading(loaded, provider.getName() + " " + provider.getVersionStr());
    } catch (ClassNotFoundException absent) {
      return new Loading(null, FALLBACK);
    } catch (ReflectiveOperationException
        | GeneralSecurityException
        | RuntimeException
        | LinkageError e) {
      return new Loading(null, FALLBACK + ", since Corretto's provider does not work here: " + e);
    }
  }

  private void selfTest() throws GeneralSecurityException {
    byte[] message = {1};
    SigningKey key = SigningKey.fromSeed(new byte[SigningKey.SEED_LENGTH]);
    byte[] signature = sign(privateKey(key.seed()), message);
    if (!verify(publicKey(key.verifyingKey().toBytes()), message, signature)) {
      throw new SignatureException("its own signature does not verify");
    }
  }

  PublicKey publicKey(byte[] raw) {
    try {
      return keys.generatePublic(new X509EncodedKeySpec(join(PUBLIC_PREFIX, raw)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a valid key does not load", e);
    }
  }

  PrivateKey privateKey(byte[] seed) {
    try {
      return keys.generatePrivate(new PKCS8EncodedKeySpec(join(PRIVATE_PREFIX, seed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a valid key does not load", e);
    }
  }

  byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM, provider);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing fails", e);
    }
  }

  /** False also for some signatures that are valid by the equation with the cofactor. */
  boolean verify(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM, provider);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("a valid key does not load", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("verifying fails", e);
    }
  }

  private static byte[] join(byte[] prefix, byte[] rest) {
    byte[] all = new byte[prefix.length + rest.length];
    System.arraycopy(prefix, 0, all, 0, prefix.length);
    System.arraycopy(rest, 0, all, prefix.length, rest.length);
    return all;
  }
}
