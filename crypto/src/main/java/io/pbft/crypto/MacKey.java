package io.pbft.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.crypto.spec.SecretKeySpec;

/** A shared secret for HMAC-SHA256. Immutable, thread safe; its authenticators are not. */
public final class MacKey {
  /** Bytes in a key. */
  public static final int LENGTH = 32;

  private static final byte[] ID_LABEL = "id".getBytes(StandardCharsets.US_ASCII);

  private final SecretKeySpec key;
  private final int id;

  private MacKey(SecretKeySpec key) {
    this.key = key;
    this.id = ByteBuffer.wrap(Jca.hmacSha256(key).doFinal(ID_LABEL)).getInt();
  }

  /**
   * The key with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if {@code raw32} is not exactly {@value #LENGTH} bytes
   */
  public static MacKey fromBytes(byte[] raw32) {
    if (raw32.length != LENGTH) {
      throw new IllegalArgumentException("a MAC key has 32 bytes, not " + raw32.length);
    }
    return new MacKey(Jca.hmacKey(raw32));
  }

  /**
   * A name for the key that may be sent and logged: the first 4 bytes of HMAC(key, "id"). Two keys
   * share one with a chance of 1 in 2^32, so it is a hint which key to try and no proof. What is
   * authenticated must never be just the two bytes "id".
   */
  public int id() {
    return id;
  }

  /** A new authenticator, for one thread. Costs about as much as two MACs: keep it. */
  public Authenticator newAuthenticator() {
    return new Authenticator(Jca.hmacSha256(key));
  }

  /** Names the key by its id, never its bytes. */
  @Override
  public String toString() {
    return String.format("MacKey[id=%08x]", id);
  }
}
