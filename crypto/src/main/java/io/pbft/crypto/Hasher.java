package io.pbft.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A streaming SHA-256 over typed fields, integers big-endian. Reusable, not thread safe.
 *
 * <p>Puts are raw unless they say otherwise: fields of variable length need {@link
 * #putSized(byte[])}, or two different sequences of fields can hash alike.
 */
public final class Hasher {
  private final MessageDigest sha256 = Jca.sha256();
  private final byte[] scratch = new byte[Long.BYTES];
  private final byte[] domain;

  private Hasher(byte[] domain) {
    this.domain = domain;
    start();
  }

  /** A fresh hasher that has been fed nothing. */
  public static Hasher create() {
    return new Hasher(null);
  }

  /**
   * A fresh hasher that has been fed {@code tag}, preceded by its u32 length. Hashes under
   * different tags never collide, whatever follows.
   *
   * @throws IllegalArgumentException if {@code tag} is empty or not ASCII
   */
  public static Hasher domain(String tag) {
    if (tag.isEmpty() || !StandardCharsets.US_ASCII.newEncoder().canEncode(tag)) {
      throw new IllegalArgumentException("a domain tag is ASCII and not empty");
    }
    return new Hasher(tag.getBytes(StandardCharsets.US_ASCII));
  }

  /** Feeds the low 8 bits of {@code b}. */
  public Hasher putByte(int b) {
    sha256.update((byte) b);
    return this;
  }

  /** Feeds four bytes, the most significant first. */
  public Hasher putInt(int v) {
    for (int i = 0; i < Integer.BYTES; i++) {
      scratch[i] = (byte) (v >>> (24 - 8 * i));
    }
    sha256.update(scratch, 0, Integer.BYTES);
    return this;
  }

  /** Feeds eight bytes, the most significant first. */
  public Hasher putLong(long v) {
    for (int i = 0; i < Long.BYTES; i++) {
      scratch[i] = (byte) (v >>> (56 - 8 * i));
    }
    sha256.update(scratch, 0, Long.BYTES);
    return this;
  }

  /** Feeds the bytes, without their length. */
  public Hasher putBytes(byte[] b) {
    sha256.update(b);
    return this;
  }

  /**
   * Feeds {@code length} bytes of {@code b} from {@code offset}, without their length.
   *
   * @throws IllegalArgumentException if that range is not within {@code b}
   */
  public Hasher putBytes(byte[] b, int offset, int length) {
    sha256.update(b, offset, length);
    return this;
  }

  /** Feeds the 32 bytes of {@code digest}. */
  public Hasher putDigest(Digest digest) {
    return putBytes(digest.toBytes());
  }

  /** Feeds the u32 length of {@code b}, then the bytes. */
  public Hasher putSized(byte[] b) {
    return putInt(b.length).putBytes(b);
  }

  /**
   * The digest of everything fed, and back to the state this hasher was made in: empty, or fed its
   * domain tag.
   */
  public Digest digest() {
    Digest result = Digest.fromBytes(sha256.digest());
    start();
    return result;
  }

  private void start() {
    if (domain != null) {
      putSized(domain);
    }
  }
}
