package io.pbft.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A SHA-256 value: 32 bytes, ordered as unsigned bytes from the first. Immutable, thread safe.
 *
 * <p>Digests are public, so comparing them takes no care about timing.
 */
public final class Digest implements Comparable<Digest> {
  /** Bytes in a digest. */
  public static final int LENGTH = 32;

  /** 32 zero bytes: a placeholder, which no known input hashes to. */
  public static final Digest ZERO = new Digest(0, 0, 0, 0);

  private static final int SHORT_HEX_DIGITS = 8;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  // Four longs instead of an array: one object instead of two, and equality in four comparisons.
  private final long w0;
  private final long w1;
  private final long w2;
  private final long w3;

  private Digest(long w0, long w1, long w2, long w3) {
    this.w0 = w0;
    this.w1 = w1;
    this.w2 = w2;
    this.w3 = w3;
  }

  /** The SHA-256 of {@code data}. */
  public static Digest of(byte[] data) {
    return fromBytes(Jca.sha256().digest(data));
  }

  /**
   * The SHA-256 of {@code length} bytes of {@code data} from {@code offset}.
   *
   * @throws IndexOutOfBoundsException if that range is not within {@code data}
   */
  public static Digest of(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    MessageDigest sha256 = Jca.sha256();
    sha256.update(data, offset, length);
    return fromBytes(sha256.digest());
  }

  /**
   * The digest whose value is {@code raw}, which is copied.
   *
   * @throws IllegalArgumentException if {@code raw} is not exactly {@value #LENGTH} bytes
   */
  public static Digest fromBytes(byte[] raw) {
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + raw.length);
    }
    return fromBytes(raw, 0);
  }

  /**
   * The digest whose value is the {@value #LENGTH} bytes of {@code raw} from {@code offset}.
   *
   * @throws IndexOutOfBoundsException if fewer bytes remain
   */
  public static Digest fromBytes(byte[] raw, int offset) {
    Objects.checkFromIndexSize(offset, LENGTH, raw.length);
    return new Digest(
        (long) LONGS.get(raw, offset),
        (long) LONGS.get(raw, offset + 8),
        (long) LONGS.get(raw, offset + 16),
        (long) LONGS.get(raw, offset + 24));
  }

  /**
   * The digest written as 64 hexadecimal digits of either case.
   *
   * @throws IllegalArgumentException if {@code hex} is anything else
   */
  public static Digest fromHex(String hex) {
    if (hex.length() != 2 * LENGTH) {
      throw new IllegalArgumentException("a digest has 64 hex digits, not " + hex.length());
    }
    return fromBytes(HexFormat.of().parseHex(hex));
  }

  /** A fresh array of {@value #LENGTH} bytes. */
  public byte[] toBytes() {
    byte[] raw = new byte[LENGTH];
    copyTo(raw, 0);
    return raw;
  }

  /**
   * Writes the {@value #LENGTH} bytes into {@code dest} from {@code offset}.
   *
   * @throws IndexOutOfBoundsException if fewer bytes remain there
   */
  public void copyTo(byte[] dest, int offset) {
    Objects.checkFromIndexSize(offset, LENGTH, dest.length);
    LONGS.set(dest, offset, w0);
    LONGS.set(dest, offset + 8, w1);
    LONGS.set(dest, offset + 16, w2);
    LONGS.set(dest, offset + 24, w3);
  }

  /** All 64 hexadecimal digits, lower case. */
  public String toHex() {
    return HexFormat.of().formatHex(toBytes());
  }

  /** Compares as unsigned bytes, the first byte counting most. */
  @Override
  public int compareTo(Digest other) {
    int order = Long.compareUnsigned(w0, other.w0);
    if (order == 0) {
      order = Long.compareUnsigned(w1, other.w1);
    }
    if (order == 0) {
      order = Long.compareUnsigned(w2, other.w2);
    }
    return order != 0 ? order : Long.compareUnsigned(w3, other.w3);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that
        && w0 == that.w0
        && w1 == that.w1
        && w2 == that.w2
        && w3 == that.w3;
  }

  /** The same in every JVM: it depends on the value alone. */
  @Override
  public int hashCode() {
    return Long.hashCode(w0 ^ w1 ^ w2 ^ w3);
  }

  /** The first eight hexadecimal digits, for people; {@link #toHex()} for machines. */
  @Override
  public String toString() {
    return toHex().substring(0, SHORT_HEX_DIGITS);
  }
}
