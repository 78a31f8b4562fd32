package io.pbft.storage;

import io.pbft.core.spi.LogRecord;

/** What a group holds. */
sealed interface Entry {
  /** Bytes of a {@link Floor}'s body. */
  int FLOOR_BYTES = 24;

  /**
   * A record of the replica.
   *
   * @param position its place in the order of all records, from 1; kept when the record is carried
   *     over to a younger segment
   */
  record Fact(long position, LogRecord fact, byte[] encoded) implements Entry {
    @Override
    public int bytes() {
      return encoded.length;
    }
  }

  /**
   * The journal's own note, written before segments go.
   *
   * @param firstSegment segments below may be missing
   * @param sequence votes at or below may be missing: a snapshot at or above it is durable
   * @param nextPosition positions below were given away
   */
  record Floor(long firstSegment, long sequence, long nextPosition) implements Entry {
    static final Floor NONE = new Floor(1, 0, 1);

    @Override
    public int bytes() {
      return FLOOR_BYTES;
    }
  }

  /** Bytes of its body. */
  int bytes();
}
