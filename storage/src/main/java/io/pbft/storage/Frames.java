package io.pbft.storage;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Framing of what a segment holds: {@code body length (4) | CRC of salt, offset, length (4) | CRC
 * of salt, offset, length, body, padding (4) | body | zeros up to the next sector}. The checksums
 * are CRC32C. Salt and offset are in them, so that stale bytes of a recycled file and bytes written
 * to the wrong place never pass. The length has a checksum of its own so that a search for what
 * follows a damaged frame costs one comparison a sector.
 *
 * <p>A frame never shares a sector with another: writing one can't harm one that is durable.
 */
final class Frames {
  static final int ALIGNMENT = 512;
  static final int HEADER_BYTES = 12;

  private Frames() {}

  /** Bytes that a body takes in a segment. */
  static int paddedBytes(int bodyBytes) {
    return (HEADER_BYTES + bodyBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /**
   * Completes a frame whose body has been written after {@link #HEADER_BYTES} bytes left free.
   *
   * @param frame from 0 to its padded length, the padding zero
   */
  static void seal(ByteBuffer frame, int bodyBytes, long salt, long offset) {
    frame.putInt(0, bodyBytes);
    frame.putInt(4, headCrc(salt, offset, bodyBytes));
    frame.putInt(8, bodyCrc(salt, offset, frame, 0, bodyBytes));
  }

  /** The body's length if a sound frame begins at the offset of a segment, else -1. */
  static int soundBody(ByteBuffer segment, int offset, long salt) {
    int length = claimedBody(segment, offset, salt);
    boolean sound =
        length > 0 && segment.getInt(offset + 8) == bodyCrc(salt, offset, segment, offset, length);
    return sound ? length : -1;
  }

  private static int claimedBody(ByteBuffer segment, int offset, long salt) {
    if (offset + HEADER_BYTES > segment.limit()) {
      return -1;
    }
    int length = segment.getInt(offset);
    if (length < 1
        || length > segment.limit()
        || offset + paddedBytes(length) > segment.limit()
        || segment.getInt(offset + 4) != headCrc(salt, offset, length)) {
      return -1;
    }
    return length;
  }

  /** Offset of the first sound frame from an offset on, or -1. */
  static int nextSound(ByteBuffer segment, int from, long salt) {
    for (int at = from; at + HEADER_BYTES <= segment.limit(); at += ALIGNMENT) {
      if (soundBody(segment, at, salt) > 0) {
        return at;
      }
    }
    return -1;
  }

  private static int headCrc(long salt, long offset, int length) {
    return (int) head(salt, offset, length).getValue();
  }

  private static int bodyCrc(long salt, long offset, ByteBuffer in, int frameAt, int length) {
    CRC32C crc = head(salt, offset, length);
    crc.update(in.slice(frameAt + HEADER_BYTES, paddedBytes(length) - HEADER_BYTES));
    return (int) crc.getValue();
  }

  private static CRC32C head(long salt, long offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(20).putLong(salt).putLong(offset).putInt(length).flip());
    return crc;
  }
}
