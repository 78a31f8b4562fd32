package io.pbft.crypto;

import java.util.Objects;

/**
 * The sending end of one direction of a {@link Session}. Not thread safe: one owner.
 *
 * <p>A tag covers the direction's 16-byte context, an implicit message counter and the payload. So
 * payloads must reach the peer's {@link OpeningChannel} in the order in which they were tagged, all
 * of them and each once.
 */
public final class SealingChannel {
  private static final byte[] NOTHING = {};

  private final Authenticator authenticator;
  private final byte[] context;
  private long counter;

  SealingChannel(MacKey key, byte[] context) {
    this.authenticator = key.newAuthenticator();
    this.context = context;
  }

  /** The tag of the next message, {@value Authenticator#TAG_LENGTH} bytes. */
  public byte[] tagFor(byte[] payload) {
    byte[] tag = new byte[Authenticator.TAG_LENGTH];
    tag(payload, 0, payload.length, tag, 0);
    return tag;
  }

  /**
   * Writes the tag of the next message, {@code len} bytes of {@code payload} from {@code off}, into
   * {@value Authenticator#TAG_LENGTH} bytes of {@code dest} from {@code destOff}. The two may be
   * one array.
   *
   * @throws IndexOutOfBoundsException if either range is not within its array; nothing has changed
   */
  public void tag(byte[] payload, int off, int len, byte[] dest, int destOff) {
    Objects.checkFromIndexSize(off, len, payload.length);
    Objects.checkFromIndexSize(destOff, Authenticator.TAG_LENGTH, dest.length);
    tag(payload, off, len, NOTHING, dest, destOff);
  }

  /**
   * Writes the tag of the next message, which is {@code len} bytes of {@code head} from {@code off}
   * and all of {@code tail}, as the other method does.
   *
   * @throws IndexOutOfBoundsException if either range is not within its array; nothing has changed
   */
  public void tag(byte[] head, int off, int len, byte[] tail, byte[] dest, int destOff) {
    Objects.checkFromIndexSize(off, len, head.length);
    Objects.checkFromIndexSize(destOff, Authenticator.TAG_LENGTH, dest.length);
    authenticator.update(context).updateLong(counter).update(head, off, len);
    authenticator.update(tail).tag(dest, destOff);
    counter++;
  }
}
