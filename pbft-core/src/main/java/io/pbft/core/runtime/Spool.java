package io.pbft.core.runtime;

import java.util.Objects;

/**
 * Bytes that are kept for a while, in the order in which they came, the oldest forgotten first.
 * They lie in chunks that are used again: arrays of their own would outlive the young collections
 * and then die, which is what costs a collector most. Takes memory for what it holds, a chunk at
 * either end, and a few chunks in reserve. Not thread safe.
 */
public final class Spool {
  static final int CHUNK_BYTES = 64 * 1024;

  private static final int RESERVE = 16;

  // By the number of the chunk, in a circle; null where nothing is held.
  private final byte[][] chunks;
  private final byte[][] reserve = new byte[RESERVE][];
  private final long capacity;
  private int reserved;
  private long begin;
  private long end;

  /** An empty one that holds up to {@code capacity} bytes. */
  public Spool(long capacity) {
    this.capacity = capacity;
    this.chunks = new byte[Math.toIntExact(capacity / CHUNK_BYTES + 2)][];
  }

  /** Where the next bytes will be: what all bytes that ever came add up to. */
  public long end() {
    return end;
  }

  /** Bytes held. */
  public long size() {
    return end - begin;
  }

  /** Chunks that memory is taken for, those in reserve included. */
  int chunks() {
    int count = reserved;
    for (byte[] chunk : chunks) {
      count += chunk == null ? 0 : 1;
    }
    return count;
  }

  /**
   * Copies the bytes to the end.
   *
   * @throws IllegalArgumentException if there would be more than the capacity; nothing has changed
   */
  public void add(byte[] bytes) {
    if (bytes.length > capacity - size()) {
      throw new IllegalArgumentException(bytes.length + " bytes to " + size());
    }
    for (int done = 0; done < bytes.length; ) {
      int within = within(end);
      int part = Math.min(bytes.length - done, CHUNK_BYTES - within);
      System.arraycopy(bytes, done, chunkFor(end), within, part);
      done += part;
      end += part;
    }
  }

  /**
   * A copy of {@code length} bytes from {@code position} on.
   *
   * @throws IndexOutOfBoundsException if they are not all held
   */
  public byte[] copy(long position, int length) {
    long held = size();
    Objects.checkFromIndexSize(position - begin, (long) length, held);
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      int within = within(position + done);
      int part = Math.min(length - done, CHUNK_BYTES - within);
      System.arraycopy(chunks[slot(position + done)], within, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  /**
   * Forgets what is before a position.
   *
   * @throws IndexOutOfBoundsException if that is before what is held, or beyond the end
   */
  public void dropUntil(long position) {
    Objects.checkFromToIndex(position - begin, size(), size());
    while (begin / CHUNK_BYTES < position / CHUNK_BYTES) {
      release(slot(begin));
      begin = (begin / CHUNK_BYTES + 1) * CHUNK_BYTES;
    }
    begin = position;
  }

  private byte[] chunkFor(long position) {
    int slot = slot(position);
    if (chunks[slot] == null) {
      chunks[slot] = reserved > 0 ? reserve[--reserved] : new byte[CHUNK_BYTES];
    }
    return chunks[slot];
  }

  private void release(int slot) {
    if (reserved < RESERVE && chunks[slot] != null) {
      reserve[reserved++] = chunks[slot];
    }
    chunks[slot] = null;
  }

  private int slot(long position) {
    return (int) (position / CHUNK_BYTES % chunks.length);
  }

  private static int within(long position) {
    return (int) (position % CHUNK_BYTES);
  }
}
