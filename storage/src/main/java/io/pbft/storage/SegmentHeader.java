package io.pbft.storage;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The first sector of a segment.
 *
 * @param index the segment's number, from 1
 * @param firstGroup ordinal of the first group in it: one above the last of the segment before
 * @param salt random: what an earlier use of the file left behind does not pass for this segment's
 */
record SegmentHeader(Identity identity, long index, long firstGroup, long salt) {
  static final int VERSION = 1;
  static final int BYTES = Frames.ALIGNMENT;

  /** "PBFTJRNL". */
  static final long MAGIC = 0x504246544a524e4cL;

  ByteBuffer encode() {
    ByteBuffer header = ByteBuffer.allocate(BYTES);
    identity.write(header, MAGIC, VERSION);
    header.putLong(index).putLong(firstGroup).putLong(salt);
    header.clear();
    Identity.seal(header);
    return header;
  }

  /** Reads a segment's header; {@code index} is the number in the file's name. */
  static SegmentHeader decode(Path file, byte[] content, long index)
      throws JournalCorruptException {
    if (content.length < BYTES) {
      throw JournalCorruptException.damaged(
          file, 0, "only " + content.length + " bytes, expected a header of " + BYTES);
    }
    ByteBuffer header = ByteBuffer.wrap(content, 0, BYTES).slice();
    Identity identity = Identity.read(file, header, MAGIC, VERSION);
    SegmentHeader found =
        new SegmentHeader(identity, header.getLong(), header.getLong(), header.getLong());
    if (found.index != index) {
      throw JournalCorruptException.damaged(
          file,
          Identity.PREFIX_BYTES,
          "is segment " + found.index + " by its header, expected segment " + index);
    }
    return found;
  }
}
