package io.pbft.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-CMAC (RFC 4493, NIST SP 800-38B) under one {@link MacKey}: tags of {@value #TAG_LENGTH}
 * bytes. Reusable; not thread safe.
 *
 * <p>Updates are raw: put the length before fields of variable length.
 */
public final class Authenticator {
  /** Bytes in a tag. */
  public static final int TAG_LENGTH = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int BLOCK = Jca.AES_BLOCK;

  /** A multiple of the block that holds most of what is authenticated here in one go. */
  private static final int ROOM = 8 * BLOCK;

  /** The polynomial of RFC 4493, section 2.3. */
  private static final int RB = 0x87;

  private final Cipher cbc;
  private final byte[] wholeLast;
  private final byte[] paddedLast;
  private final byte[] pending = new byte[ROOM];
  // A provider may hold a block back until the chain ends.
  private final byte[] chain = new byte[ROOM + BLOCK];
  private int have;

  Authenticator(SecretKeySpec key) {
    cbc = Jca.aesCbc(key);
    encrypt(BLOCK, true);
    wholeLast = doubled(Arrays.copyOf(chain, BLOCK));
    paddedLast = doubled(wholeLast);
  }

  /** Feeds all of {@code data}. */
  public Authenticator update(byte[] data) {
    return update(data, 0, data.length);
  }

  /**
   * Feeds {@code len} bytes of {@code data} from {@code off}.
   *
   * @throws IndexOutOfBoundsException if that range is not within {@code data}
   */
  public Authenticator update(byte[] data, int off, int len) {
    Objects.checkFromIndexSize(off, len, data.length);
    int from = off;
    int left = len;
    // The last block is treated in another way, so it stays until it is known to be the last.
    while (left > ROOM - have) {
      int fits = ROOM - have;
      System.arraycopy(data, from, pending, have, fits);
      encrypt(ROOM, false);
      have = 0;
      from += fits;
      left -= fits;
    }
    System.arraycopy(data, from, pending, have, left);
    have += left;
    return this;
  }

  /** Feeds eight bytes, the most significant first. */
  public Authenticator updateLong(long v) {
    byte[] bytes = new byte[Long.BYTES];
    LONGS.set(bytes, 0, v);
    return update(bytes);
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
    System.arraycopy(chain, finish(), dest, offset, TAG_LENGTH);
  }

  /**
   * Whether the {@value #TAG_LENGTH} bytes of {@code expected} from {@code offset} are the tag of
   * everything fed, in time that does not depend on where they differ; and starts again. False when
   * fewer bytes remain.
   */
  public boolean verify(byte[] expected, int offset) {
    int tag = finish();
    if (offset < 0 || offset > expected.length - TAG_LENGTH) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < TAG_LENGTH; i++) {
      difference |= chain[tag + i] ^ expected[offset + i];
    }
    return difference == 0;
  }

  /** Ends the chain; gives where in it the tag is. */
  private int finish() {
    boolean whole = have > 0 && have % BLOCK == 0;
    int end = whole ? have : have - have % BLOCK + BLOCK;
    if (!whole) {
      pending[have] = (byte) 0x80;
      Arrays.fill(pending, have + 1, end, (byte) 0);
    }
    byte[] last = whole ? wholeLast : paddedLast;
    for (int i = 0; i < BLOCK; i++) {
      pending[end - BLOCK + i] ^= last[i];
    }
    have = 0;
    return encrypt(end, true) - TAG_LENGTH;
  }

  private int encrypt(int length, boolean ends) {
    try {
      return ends
          ? cbc.doFinal(pending, 0, length, chain, 0)
          : cbc.update(pending, 0, length, chain, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-CBC refuses whole blocks", e);
    }
  }

  /** Times x in GF(2^128). */
  private static byte[] doubled(byte[] block) {
    byte[] result = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      int next = i + 1 < BLOCK ? (block[i + 1] & 0xff) >>> 7 : 0;
      result[i] = (byte) (block[i] << 1 | next);
    }
    if (block[0] < 0) {
      result[BLOCK - 1] ^= (byte) RB;
    }
    return result;
  }
}
