package io.pbft.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import javax.crypto.Mac;

/**
 * HMAC-SHA256 under one {@link MacKey}, truncated to {@value #TAG_LENGTH} bytes. Reusable; not
 * thread safe.
 *
 * <p>Updates are raw: put the length before fields of variable length.
 */
public final class Authenticator {
  /** Bytes in a tag. */
  public static final int TAG_LENGTH = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Mac mac;
  private final byte[] scratch = new byte[Long.BYTES];

  Authenticator(Mac mac) {
    this.mac = mac;
  }

  /** Feeds all of {@code data}. */
  public Authenticator update(byte[] data) {
    mac.update(data);
    return this;
  }

  /**
   * Feeds {@code len} bytes of {@code data} from {@code off}.
   *
   * @throws IndexOutOfBoundsException if that range is not within {@code data}
   */
  public Authenticator update(byte[] data, int off, int len) {
    Objects.checkFromIndexSize(off, len, data.length);
    mac.update(data, off, len);
    return this;
  }

  /** Feeds eight bytes, the most significant first. */
  public Authenticator updateLong(long v) {
    LONGS.set(scratch, 0, v);
    mac.update(scratch);
    return this;
  }

  /** The tag of everything fed, and starts again. */
  public byte[] tag() {
    byte[] tag = new byte[TAG_LENGTH];
    tag(tag, 0);
    return tag;
  }

  /**
   * Writes the tag of everything fed into {@code dest} from {@code offset}, and starts again.
   *
   * @throws IndexOutOfBoundsException if fewer than {@value #TAG_LENGTH} bytes remain there; what
   *     was fed is then kept
   */
  public void tag(byte[] dest, int offset) {
    Objects.checkFromIndexSize(offset, TAG_LENGTH, dest.length);
    System.arraycopy(mac.doFinal(), 0, dest, offset, TAG_LENGTH);
  }

  /**
   * Whether the {@value #TAG_LENGTH} bytes of {@code expected} from {@code offset} are the tag of
   * everything fed, in time that does not depend on where they differ; and starts again. False when
   * fewer bytes remain.
   */
  public boolean verify(byte[] expected, int offset) {
    byte[] actual = mac.doFinal();
    if (offset < 0 || offset > expected.length - TAG_LENGTH) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < TAG_LENGTH; i++) {
      difference |= actual[i] ^ expected[offset + i];
    }
    return difference == 0;
  }
}
