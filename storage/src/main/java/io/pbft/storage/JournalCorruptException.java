package io.pbft.storage;

import java.nio.file.Path;

/**
 * The data directory can't be trusted as this replica's memory: the replica must not start from it.
 * The message is one line: file, offset, what was expected, and the mend.
 */
public final class JournalCorruptException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String REPAIR =
      "; `./pbft repair DIR ID` says what it would drop, then lets the replica rejoin without state";

  private final String file;
  private final long offset;

  private JournalCorruptException(Path file, long offset, String finding, String mend) {
    super(file + (offset < 0 ? "" : " at offset " + offset) + ": " + finding + mend);
    this.file = file.toString();
    this.offset = offset;
  }

  /** Damage, mended by a repair. */
  static JournalCorruptException damaged(Path file, long offset, String finding) {
    return new JournalCorruptException(file, offset, finding, REPAIR);
  }

  /** Sound, but not for this replica or this program: nothing that a repair should drop. */
  static JournalCorruptException foreign(Path file, long offset, String finding, String mend) {
    return new JournalCorruptException(file, offset, finding, "; " + mend);
  }

  public String file() {
    return file;
  }

  /** Bytes from the file's beginning, or -1 when it is about the file as a whole. */
  public long offset() {
    return offset;
  }
}
