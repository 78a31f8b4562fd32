package io.pbft.core.spi;

import java.util.Arrays;

/**
 * A state in chunks: the unit of state transfer. Immutable; may be read from another thread than
 * the one that took it. Equal states must have equal chunks at every replica.
 */
public interface Snapshot {
  /** Bytes of the chunks that {@link #of} makes. */
  int CHUNK_BYTES = 64 * 1024;

  int chunks();

  /** The bytes of chunk {@code index}, from 0; at most {@link #CHUNK_BYTES} times 16. */
  byte[] chunk(int index);

  /** A state that is one array of bytes, cut into chunks of {@link #CHUNK_BYTES}. */
  static Snapshot of(byte[] state) {
    byte[] copy = state.clone();
    return new Snapshot() {
      @Override
      public int chunks() {
        return (copy.length + CHUNK_BYTES - 1) / CHUNK_BYTES;
      }

      @Override
      public byte[] chunk(int index) {
        int from = index * CHUNK_BYTES;
        return Arrays.copyOfRange(copy, from, Math.min(copy.length, from + CHUNK_BYTES));
      }
    };
  }

  /** All chunks in one array: the inverse of {@link #of}. */
  default byte[] toBytes() {
    int length = 0;
    for (int i = 0; i < chunks(); i++) {
      length = Math.addExact(length, chunk(i).length);
    }
    byte[] bytes = new byte[length];
    int at = 0;
    for (int i = 0; i < chunks(); i++) {
      byte[] chunk = chunk(i);
      System.arraycopy(chunk, 0, bytes, at, chunk.length);
      at += chunk.length;
    }
    return bytes;
  }
}
