package io.pbft.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/** A shared secret for AES-CMAC. Immutable, thread safe; its authenticators are not. */
public final class MacKey {
  /** Bytes in a key. */
  public static final int LENGTH = Jca.AES_KEY;

  private static final byte[] ID_LABEL = "id".getBytes(StandardCharsets.US_ASCII);

  private final SecretKeySpec key;
  private final int id;

  private MacKey(SecretKeySpec key) {
    this.key = key;
    this.id = ByteBuffer.wrap(newAuthenticator().update(ID_LABEL).tag()).getInt();
  }

  /**
   * The key with these bytes, which are copied.
   *
   * @throws IllegalArgumentException if {@code raw16} is not exactly {@value #LENGTH} bytes
   */
  public static MacKey fromBytes(byte[] raw16) {
    if (raw16.length != LENGTH) {
      throw new IllegalArgumentException("a MAC key has " + LENGTH + " bytes, not " + raw16.length);
    }
    return new MacKey(Jca.aesKey(raw16));
  }

  /** The key that is the first {@value #LENGTH} bytes of a digest: for simulations and tests. */
  public static MacKey from(Digest digest) {
    return fromBytes(Arrays.copyOf(digest.toBytes(), LENGTH));
  }

  /**
   * A name for the key that may be sent and logged: the first 4 bytes of the MAC of "id". Two keys
   * share one with a chance of 1 in 2^32, so it is a hint which key to try and no proof. What is
   * authenticated must never be just the two bytes "id".
   */
  public int id() {
    return id;
  }

  /** A new authenticator, for one thread. Costs much more than a MAC: keep it. */
  public Authenticator newAuthenticator() {
    return new Authenticator(key);
  }

  /** Names the key by its id, never its bytes. */
  @Override
  public String toString() {
    return String.format("MacKey[id=%08x]", id);
  }
}
