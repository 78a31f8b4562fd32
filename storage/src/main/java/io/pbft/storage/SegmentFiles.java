package io.pbft.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Makes segment files and takes them away. Files are allocated before they are used, so that a
 * commit changes no metadata; of those no longer needed a few are kept for the next ones.
 *
 * <p>Not thread safe.
 */
final class SegmentFiles {
  /** Files kept for reuse at most. */
  static final int MAX_SPARES = 2;

  private static final int ZEROS_BYTES = 64 * 1024;

  private final Disk disk;
  private final Path directory;
  private final int segmentBytes;
  private final LongSupplier salts;
  private final Deque<Path> spares = new ArrayDeque<>();
  private long newestSpare;

  SegmentFiles(Disk disk, Path directory, int segmentBytes, LongSupplier salts) {
    this.disk = disk;
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.salts = salts;
  }

  /** Clears away what an earlier life left half done, and makes a spare for the next segment. */
  void open() throws IOException {
    for (String name : disk.list(directory)) {
      Path file = directory.resolve(name);
      if (Names.isTemporary(name)) {
        disk.delete(file);
      } else if (Names.isSpare(name)) {
        keepOrDelete(file);
      }
    }
    disk.syncDirectory(directory);
    if (spares.isEmpty()) {
      makeSpare();
    }
  }

  private void keepOrDelete(Path spare) throws IOException {
    boolean fits;
    try (Disk.Handle handle = disk.open(spare)) {
      fits = handle.size() == segmentBytes;
    }
    if (fits && spares.size() < MAX_SPARES) {
      spares.add(spare);
      newestSpare =
          Math.max(
              newestSpare,
              Long.parseLong(spare.getFileName().toString().substring("spare-".length())));
    } else {
      disk.delete(spare);
    }
  }

  private void makeSpare() throws IOException {
    newestSpare++;
    Path spare = directory.resolve(Names.spare(newestSpare));
    Path temporary = directory.resolve(Names.spare(newestSpare) + Names.TEMPORARY);
    try (Disk.Handle handle = disk.create(temporary)) {
      zero(handle, 0, segmentBytes);
      handle.force(true);
    }
    disk.rename(temporary, spare);
    spares.add(spare);
  }

  /** Overwrites a range with zeros. */
  static void zero(Disk.Handle handle, long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS_BYTES);
    for (long at = from; at < to; at += ZEROS_BYTES) {
      zeros.clear().limit((int) Math.min(ZEROS_BYTES, to - at));
      handle.write(zeros, at);
    }
  }

  /** A segment, open and durably there. */
  Disk.Handle create(Identity identity, long index, long firstGroup, long[] saltOut)
      throws IOException {
    if (spares.isEmpty()) {
      makeSpare();
    }
    Path spare = spares.remove();
    long salt = salts.getAsLong();
    saltOut[0] = salt;
    Disk.Handle handle = disk.open(spare);
    try {
      handle.write(new SegmentHeader(identity, index, firstGroup, salt).encode(), 0);
      handle.force(true);
      disk.rename(spare, path(index));
      disk.syncDirectory(directory);
      noteYoungest(index);
      return handle;
    } catch (IOException | RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  /** Writes down which segment is the youngest, so that its loss is noticed. */
  void noteYoungest(long index) throws IOException {
    disk.writeAtomically(directory.resolve(Names.CURRENT), JournalReader.current(index));
  }

  /** Takes the oldest segment away, durably, so that segments never go out of order. */
  void retire(long index, boolean reusable) throws IOException {
    if (reusable && spares.size() < MAX_SPARES) {
      newestSpare = Math.max(newestSpare + 1, index);
      Path spare = directory.resolve(Names.spare(newestSpare));
      disk.rename(path(index), spare);
      spares.add(spare);
    } else {
      disk.delete(path(index));
    }
    disk.syncDirectory(directory);
  }

  Path path(long index) {
    return directory.resolve(Names.segment(index));
  }
}
