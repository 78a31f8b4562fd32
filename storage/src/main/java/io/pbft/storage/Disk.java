package io.pbft.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What is asked of a file system. Nothing written is durable before {@link Handle#force}, and no
 * file's being there (or gone, or renamed) before {@link #syncDirectory}.
 */
interface Disk {
  /** An open file; positions are given with each access. */
  interface Handle extends Closeable {
    long size() throws IOException;

    /** Writes all that remains in the buffer. */
    void write(ByteBuffer bytes, long at) throws IOException;

    /** Fills the buffer as far as the file goes. */
    void read(ByteBuffer into, long at) throws IOException;

    /**
     * Makes what was written durable. After a failure nothing is known of what is on disk, and a
     * second call proves nothing: it must not be made.
     *
     * @param metadata whether the file's length may have changed, too
     */
    void force(boolean metadata) throws IOException;
  }

  /** A new, empty file, in place of one that may be there. */
  Handle create(Path file) throws IOException;

  Handle open(Path file) throws IOException;

  boolean exists(Path path) throws IOException;

  /** The names in a directory, ascending; none when there is no directory. */
  List<String> list(Path directory) throws IOException;

  /** Makes a directory and those above it, durably. */
  void createDirectories(Path directory) throws IOException;

  /** Atomic; replaces a file of the new name. */
  void rename(Path from, Path to) throws IOException;

  void delete(Path file) throws IOException;

  void syncDirectory(Path directory) throws IOException;

  /** The whole content of a file. */
  default byte[] readAll(Path file) throws IOException {
    try (Handle handle = open(file)) {
      ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(handle.size()));
      handle.read(all, 0);
      return all.array();
    }
  }

  /** Puts a whole small file in place, atomically and durably. */
  default void writeAtomically(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try (Handle handle = create(temporary)) {
      handle.write(ByteBuffer.wrap(content), 0);
      handle.force(true);
    }
    rename(temporary, file);
    syncDirectory(file.getParent());
  }
}
