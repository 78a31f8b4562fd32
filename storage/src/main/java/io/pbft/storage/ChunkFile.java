package io.pbft.storage;

import io.pbft.core.message.ChunkTree;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** An open snapshot file, and how much of it is still needed. Guarded by its store. */
final class ChunkFile {
  /** Where a chunk is. */
  record Place(ChunkFile file, long offset, int length) {}

  private final Path path;
  private final Disk.Handle handle;
  private final List<Digest> names;
  private final long bytes;
  private long neededBytes;
  private boolean current;

  ChunkFile(Disk disk, Path directory, SnapshotFile file) throws IOException {
    this.path = directory.resolve(file.name());
    this.handle = disk.open(path);
    this.names = file.items().stream().map(SnapshotFile.Item::digest).toList();
    this.bytes = file.fileBytes();
  }

  Path path() {
    return path;
  }

  long bytes() {
    return bytes;
  }

  long neededBytes() {
    return neededBytes;
  }

  /** The chunks that were put into it. */
  List<Digest> names() {
    return names;
  }

  /** Whether the snapshot that the file is named after is kept. */
  boolean isCurrent() {
    return current;
  }

  void setCurrent(boolean kept) {
    current = kept;
  }

  boolean isUnneeded() {
    return !current && neededBytes == 0;
  }

  Place need(SnapshotFile.Item item) {
    neededBytes += item.length();
    return new Place(this, item.offset(), item.length());
  }

  static void noLonger(Place place) {
    place.file().neededBytes -= place.length();
  }

  /**
   * Reads a chunk and checks it against its name.
   *
   * @throws RottenSnapshotException if it is not what was written
   */
  static byte[] read(Place place, Digest name) {
    return read(place.file().handle, place.file().path, place.offset(), place.length(), name);
  }

  static byte[] read(Disk.Handle handle, Path file, long offset, int length, Digest name) {
    ByteBuffer chunk = ByteBuffer.allocate(length);
    try {
      handle.read(chunk, offset);
    } catch (IOException e) {
      throw new RottenSnapshotException(file, offset, "chunk " + name + ": " + e, e);
    }
    if (!ChunkTree.digest(chunk.array()).equals(name)) {
      String finding = "chunk does not match its digest " + name;
      throw new RottenSnapshotException(file, offset, finding, new IOException(finding));
    }
    return chunk.array();
  }

  void close() throws IOException {
    handle.close();
  }
}
