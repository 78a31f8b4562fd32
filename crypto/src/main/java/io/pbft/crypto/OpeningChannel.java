package io.pbft.crypto;

/**
 * The receiving end of one direction of a {@link Session}. Not thread safe: one owner.
 *
 * <p>Accepts the messages of the peer's {@link SealingChannel} in their order, each once. Over an
 * ordered transport a failure means a fault or an attack: close the connection.
 */
public final class OpeningChannel {
  private final Authenticator authenticator;
  private final byte[] context;
  private long counter;

  OpeningChannel(MacKey key, byte[] context) {
    this.authenticator = key.newAuthenticator();
    this.context = context;
  }

  /**
   * Whether {@code len} bytes of {@code buf} from {@code off} are the next message, by the {@value
   * Authenticator#TAG_LENGTH} bytes of tag from {@code tagOff}. Takes constant time for a given
   * length. Only success moves on to the next message; ranges that are not within {@code buf} are
   * false.
   */
  public boolean verify(byte[] buf, int off, int len, int tagOff) {
    if (off < 0 || len < 0 || off > buf.length - len) {
      return false;
    }
    authenticator.update(context).updateLong(counter).update(buf, off, len);
    boolean genuine = authenticator.verify(buf, tagOff);
    if (genuine) {
      counter++;
    }
    return genuine;
  }
}
