package io.pbft.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A streaming SHA-256 over typed fields, integers big-endian. Reusable, not thread safe.
 *
 * <p>Puts are raw unless they say otherwise: fields of variable length need {@link
 * #putSized(byte[])}, or two different sequences of fields can hash alike.
 */
public final class Hasher {
  /** What is fed is gathered up to here, and hashed at once: most inputs are a few short fields. */
  private static final int GATHERED_BYTES = 4096;

  private static final int INITIAL_BYTES = 192;

  // Used within digest() only, from the first byte to the last.
  private static final ThreadLocal<MessageDigest> SHARED = ThreadLocal.withInitial(Jca::sha256);

  /**
   * A domain tag with a hasher for each thread, which costs nothing to begin with: for what is
   * hashed often. Thread safe.
   */
  public static final class Domain {
    private final ThreadLocal<Hasher> hashers;

    /**
     * The domain of a tag, as {@link Hasher#domain} has it.
     *
     * @throws IllegalArgumentException if {@code tag} is empty or not ASCII
     */
    public Domain(String tag) {
      Hasher first = domain(tag);
      hashers = ThreadLocal.withInitial(() -> domain(first.domain));
    }

    /**
     * The calling thread's hasher, fed the tag. It must be brought to its digest before this is
     * called again.
     */
    public Hasher hasher() {
      return hashers.get();
    }
  }

  private final String domain;
  private final int domainLength;
  private byte[] gathered = new byte[INITIAL_BYTES];
  private int length;
  // Null until more has been fed than is gathered; then that is in it.
  private MessageDigest spilled;

  private Hasher(String domain) {
    this.domain = domain;
    start();
    this.domainLength = length;
  }

  private void start() {
    length = 0;
    if (domain != null) {
      putInt(domain.length());
      for (int i = 0; i < domain.length(); i++) {
        putByte(ascii(domain.charAt(i)));
      }
    }
  }

  private static int ascii(char c) {
    if (c > 0x7f) {
      throw new IllegalArgumentException("a domain tag is ASCII and not empty");
    }
    return c;
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
    if (tag.isEmpty()) {
      throw new IllegalArgumentException("a domain tag is ASCII and not empty");
    }
    return new Hasher(tag);
  }

  /** Feeds the low 8 bits of {@code b}. */
  public Hasher putByte(int b) {
    makeRoom(1);
    gathered[length++] = (byte) b;
    return this;
  }

  /** Feeds four bytes, the most significant first. */
  public Hasher putInt(int v) {
    makeRoom(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      gathered[length++] = (byte) (v >>> shift);
    }
    return this;
  }

  /** Feeds eight bytes, the most significant first. */
  public Hasher putLong(long v) {
    makeRoom(Long.BYTES);
    for (int shift = 56; shift >= 0; shift -= 8) {
      gathered[length++] = (byte) (v >>> shift);
    }
    return this;
  }

  /** Feeds the bytes, without their length. */
  public Hasher putBytes(byte[] b) {
    return putBytes(b, 0, b.length);
  }

  /**
   * Feeds {@code count} bytes of {@code b} from {@code offset}, without their length.
   *
   * @throws IllegalArgumentException if that range is not within {@code b}
   */
  public Hasher putBytes(byte[] b, int offset, int count) {
    if (offset < 0 || count < 0 || offset > b.length - count) {
      throw new IllegalArgumentException(count + " bytes from " + offset + " of " + b.length);
    }
    if (count > GATHERED_BYTES / 2) {
      spill();
      spilled.update(b, offset, count);
    } else {
      makeRoom(count);
      System.arraycopy(b, offset, gathered, length, count);
      length += count;
    }
    return this;
  }

  /** Feeds the 32 bytes of {@code digest}. */
  public Hasher putDigest(Digest digest) {
    makeRoom(Digest.LENGTH);
    digest.copyTo(gathered, length);
    length += Digest.LENGTH;
    return this;
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
    MessageDigest sha256 = spilled == null ? SHARED.get() : spilled;
    sha256.update(gathered, 0, length);
    length = domainLength;
    makeRoom(Digest.LENGTH);
    Jca.digest(sha256, gathered, length);
    Digest result = Digest.fromBytes(gathered, length);
    reset();
    return result;
  }

  private void reset() {
    if (spilled == null) {
      length = domainLength;
    } else {
      spilled = null;
      start();
    }
  }

  private void makeRoom(int bytes) {
    if (length + bytes <= gathered.length) {
      return;
    }
    if (length + bytes > GATHERED_BYTES) {
      spill();
    }
    if (length + bytes > gathered.length) {
      gathered = Arrays.copyOf(gathered, Math.max(2 * gathered.length, length + bytes));
    }
  }

  private void spill() {
    if (spilled == null) {
      spilled = Jca.sha256();
    }
    spilled.update(gathered, 0, length);
    length = 0;
  }
}
