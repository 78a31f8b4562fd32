package io.pbft.crypto;

import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;

/**
 * The sending end of one direction of a {@link Session}: AES-GCM (NIST SP 800-38D), so messages are
 * both authenticated and encrypted. Not thread safe: one owner.
 *
 * <p>A message's number is its nonce and is not sent. So messages must reach the peer's {@link
 * OpeningChannel} in the order in which they were sealed, all of them and each once.
 */
public final class SealingChannel {
  /** Bytes that a sealed message has more than its payload: the tag, at the end. */
  public static final int OVERHEAD = 16;

  private static final byte[] NOTHING = {};

  private final ChannelKey key;

  SealingChannel(ChannelKey key) {
    this.key = key;
  }

  /** The next message, sealed. */
  public byte[] seal(byte[] payload) {
    byte[] sealed = new byte[payload.length + OVERHEAD];
    seal(payload, 0, payload.length, sealed, 0);
    return sealed;
  }

  /**
   * Seals the next message, {@code len} bytes of {@code payload} from {@code off}, into {@code len}
   * + {@value #OVERHEAD} bytes of {@code dest} from {@code destOff}. The two may be one array, for
   * the price of a copy.
   *
   * @throws IndexOutOfBoundsException if either range is not within its array; nothing has changed
   */
  public void seal(byte[] payload, int off, int len, byte[] dest, int destOff) {
    seal(payload, off, len, NOTHING, dest, destOff);
  }

  /**
   * Seals the next message, which is {@code len} bytes of {@code head} from {@code off} and all of
   * {@code tail}, as the other method does.
   *
   * @throws IndexOutOfBoundsException if either range is not within its array; nothing has changed
   */
  public void seal(byte[] head, int off, int len, byte[] tail, byte[] dest, int destOff) {
    Objects.checkFromIndexSize(off, len, head.length);
    Objects.checkFromIndexSize(
        destOff, Math.addExact(Math.addExact(len, tail.length), OVERHEAD), dest.length);
    Cipher cipher = key.next(Cipher.ENCRYPT_MODE);
    try {
      if (tail.length == 0) {
        cipher.doFinal(head, off, len, dest, destOff);
      } else {
        int done = cipher.update(head, off, len, dest, destOff);
        cipher.doFinal(tail, 0, tail.length, dest, destOff + done);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM can't seal", e);
    }
    key.advance();
  }
}
