package io.pbft.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Cuts a stream into frames: a length of four bytes, big-endian, and as many bytes. The length is
 * checked before anything is allocated for it, and the buffer grows only as bytes really come: at
 * most to twice of what came, and to the frame's length.
 */
final class FrameReader {
  /** Bytes of the length field. */
  static final int HEADER = Integer.BYTES;

  private static final int SMALLEST_BUFFER = 256;

  /** Takes the frames of one stream. */
  interface Sink {
    /** The longest frame that is acceptable now, without its length field. */
    int frameLimit();

    /** A frame; the array is the sink's during the call. False when nothing more should be read. */
    boolean onFrame(byte[] buffer, int offset, int length);

    /** A frame claims more than the limit; nothing more is read. */
    void onTooLarge(long claimed);
  }

  private final Sink sink;
  private byte[] buffer = new byte[SMALLEST_BUFFER];
  private int have;
  private int need;
  private int largest;

  FrameReader(Sink sink) {
    this.sink = sink;
  }

  /** Takes the bytes that have come, until the sink has had enough. */
  void read(ByteBuf in) {
    while (in.isReadable()) {
      if (have < HEADER) {
        take(in, HEADER);
        if (have < HEADER) {
          return;
        }
        long claimed = Integer.toUnsignedLong(frameLength());
        if (claimed > sink.frameLimit()) {
          sink.onTooLarge(claimed);
          return;
        }
        need = HEADER + (int) claimed;
      }
      take(in, need);
      if (have < need) {
        return;
      }
      have = 0;
      largest = Math.max(largest, need);
      if (!sink.onFrame(buffer, HEADER, need - HEADER)) {
        return;
      }
    }
  }

  /** Whether a frame has begun and is not complete. */
  boolean inFrame() {
    return have > 0;
  }

  /** Gives back what the frames since the last call didn't need. */
  void trim() {
    int enough = Math.max(SMALLEST_BUFFER, largest);
    if (have == 0 && buffer.length / 2 > enough) {
      buffer = new byte[enough];
    }
    largest = 0;
  }

  /** Bytes held. */
  int capacity() {
    return buffer.length;
  }

  private int frameLength() {
    return (buffer[0] & 0xff) << 24
        | (buffer[1] & 0xff) << 16
        | (buffer[2] & 0xff) << 8
        | (buffer[3] & 0xff);
  }

  private void take(ByteBuf in, int until) {
    int length = Math.min(until - have, in.readableBytes());
    if (have + length > buffer.length) {
      int doubled = (int) Math.min(until, 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, Math.max(have + length, doubled));
    }
    in.readBytes(buffer, have, length);
    have += length;
  }
}
