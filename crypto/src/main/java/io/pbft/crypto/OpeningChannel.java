package io.pbft.crypto;

import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * The receiving end of one direction of a {@link Session}. Not thread safe: one owner.
 *
 * <p>Opens the messages of the peer's {@link SealingChannel} in their order, each once. Over an
 * ordered transport a failure means a fault or an attack: close the connection.
 */
public final class OpeningChannel {
  private final ChannelKey key;

  OpeningChannel(ChannelKey key) {
    this.key = key;
  }

  /**
   * Whether {@code len} bytes of {@code sealed} from {@code off} are the next message; if so, its
   * payload is in {@code dest} from {@code destOff}, {@value SealingChannel#OVERHEAD} bytes
   * shorter. Only success moves on to the next message. What is in {@code dest} otherwise is not
   * defined. Ranges that are not within {@code sealed} are false.
   *
   * @param dest another array than {@code sealed}
   * @throws IndexOutOfBoundsException if the payload has no room in {@code dest}
   */
  public boolean open(byte[] sealed, int off, int len, byte[] dest, int destOff) {
    if (off < 0 || len < SealingChannel.OVERHEAD || off > sealed.length - len) {
      return false;
    }
    Objects.checkFromIndexSize(destOff, len - SealingChannel.OVERHEAD, dest.length);
    try {
      key.next(Cipher.DECRYPT_MODE).doFinal(sealed, off, len, dest, destOff);
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM can't open", e);
    }
    key.advance();
    return true;
  }
}
