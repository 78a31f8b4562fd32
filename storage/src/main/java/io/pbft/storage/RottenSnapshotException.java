package io.pbft.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A chunk of a snapshot can't be read back as it was written: the medium has gone bad, or the file
 * was touched. Thrown by {@code Snapshot.chunk} of a snapshot from disk; the replica can't go on
 * from that snapshot and must fetch the state from the others.
 */
public final class RottenSnapshotException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String finding;

  RottenSnapshotException(Path file, long offset, String finding, IOException cause) {
    super(
        file
            + " at offset "
            + offset
            + ": "
            + finding
            + "; `./pbft repair DIR ID` lets the replica rejoin without state",
        cause);
    this.file = file.toString();
    this.offset = offset;
    this.finding = finding;
  }

  /** The same, found before anything was done with it. */
  JournalCorruptException atStart() {
    return JournalCorruptException.damaged(Path.of(file), offset, finding);
  }
}
