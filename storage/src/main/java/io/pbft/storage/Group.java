package io.pbft.storage;

import io.pbft.core.codec.Reader;
import io.pbft.core.codec.Refusal;
import io.pbft.core.message.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.function.LongPredicate;

/**
 * The entries that were written at once: the body of a frame, there as a whole or not at all. Body:
 * {@code ordinal (8) | count (4) | entries}, an entry being {@code position (8) | kind (1) | length
 * (4) | bytes}.
 *
 * @param ordinal number of the group in the journal's life, from 1, without gaps
 */
record Group(long ordinal, List<Entry> entries) {
  static final int HEAD_BYTES = 12;
  static final int ENTRY_HEAD_BYTES = 13;

  private static final int FACT = 1;
  private static final int FLOOR = 2;

  void write(ByteBuffer frame) {
    // The byte order of Reader.
    ByteBuffer out = frame.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(ordinal).putInt(entries.size());
    for (Entry entry : entries) {
      if (entry instanceof Entry.Fact fact) {
        out.putLong(fact.position()).put((byte) FACT);
        out.putInt(fact.encoded().length).put(fact.encoded());
      } else if (entry instanceof Entry.Floor floor) {
        out.putLong(0).put((byte) FLOOR).putInt(Entry.FLOOR_BYTES);
        out.putLong(floor.firstSegment()).putLong(floor.sequence()).putLong(floor.nextPosition());
      }
    }
    frame.position(out.position());
  }

  /**
   * Reads a body.
   *
   * @param wanted the positions of the records to decode; others are left out
   */
  static Group read(byte[] body, LogRecordCodec codec, LongPredicate wanted) throws Refusal {
    Reader r = new Reader(body, 0, body.length, codec.messages().limits());
    long ordinal = r.number();
    List<Entry> entries =
        r.list(Integer.MAX_VALUE, ENTRY_HEAD_BYTES, in -> readEntry(in, codec, wanted));
    r.finish();
    entries.removeIf(Objects::isNull);
    return new Group(ordinal, entries);
  }

  private static Entry readEntry(Reader r, LogRecordCodec codec, LongPredicate wanted)
      throws Refusal {
    long position = r.number();
    int kind = r.u8();
    byte[] bytes = r.sized(Integer.MAX_VALUE);
    if (kind == FACT) {
      return wanted.test(position) ? new Entry.Fact(position, codec.decode(bytes), bytes) : null;
    }
    if (kind != FLOOR) {
      throw new Refusal(Reason.UNKNOWN_TYPE);
    }
    Reader floor = new Reader(bytes, 0, bytes.length, r.limits());
    Entry.Floor read = new Entry.Floor(floor.number(), floor.number(), floor.number());
    floor.finish();
    return read;
  }
}
