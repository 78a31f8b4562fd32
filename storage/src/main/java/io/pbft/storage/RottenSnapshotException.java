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

  RottenSnapshotException(Path file, long offset, String finding, IOException cause) {
    super(
        file
            + " at offset "
            + offset
            + ": "
            + finding
            + "; `./pbft repair DIR ID` lets the replica rejoin without state",
        cause);
  }
}
