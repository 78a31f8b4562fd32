package io.pbft.storage;

import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A snapshot's file: {@code header (512) | chunks | index}. It holds the chunks that were nowhere
 * yet when it was written (and some that were moved here, so that older files can go); the index
 * says where each is, and names the uppermost chunk of the snapshot. A file is complete when it has
 * its name: it is written and forced under a temporary one.
 *
 * @param number of the file; later files have higher ones
 * @param root the name of the snapshot's uppermost chunk
 * @param items the chunks in this file
 * @param fileBytes of the file
 */
record SnapshotFile(long sequence, long number, Digest root, List<Item> items, long fileBytes) {
  static final int VERSION = 2;
  static final int HEADER_BYTES = 512;

  /** "PBFTSNAP". */
  static final long MAGIC = 0x50424654534e4150L;

  private static final int FORCE_BYTES = 8 * 1024 * 1024;
  private static final int ITEM_BYTES = Digest.LENGTH + 8 + 4 + 1;

  /** A chunk in the file. */
  record Item(Digest digest, long offset, int length, boolean leaf) {}

  /** What is to be written. */
  interface Source {
    /** The next chunk, or null after the last. */
    Piece next() throws IOException;
  }

  /** A chunk on its way to a file. */
  record Piece(Digest digest, byte[] chunk, boolean leaf) {}

  String name() {
    return Names.snapshot(sequence, number);
  }

  /** Writes a file; complete and durable when this returns. */
  static SnapshotFile write(
      Disk disk,
      Path directory,
      Identity identity,
      long sequence,
      long number,
      Digest root,
      Source source)
      throws IOException {
    Path file = directory.resolve(Names.snapshot(sequence, number));
    Path temporary = file.resolveSibling(file.getFileName() + Names.TEMPORARY);
    List<Item> items = new ArrayList<>();
    long fileBytes;
    try (Disk.Handle handle = disk.create(temporary)) {
      long end = writeChunks(handle, source, items);
      ByteBuffer index = index(root, items);
      handle.write(index.duplicate(), end);
      handle.write(header(identity, sequence, number, end, index), 0);
      handle.force(true);
      fileBytes = end + index.remaining();
    }
    disk.rename(temporary, file);
    disk.syncDirectory(directory);
    return new SnapshotFile(sequence, number, root, List.copyOf(items), fileBytes);
  }

  /** The offset after the last. */
  private static long writeChunks(Disk.Handle handle, Source source, List<Item> items)
      throws IOException {
    long at = HEADER_BYTES;
    long forced = at;
    Gather gather = new Gather(handle, at);
    for (Piece piece = source.next(); piece != null; piece = source.next()) {
      gather.write(piece.chunk());
      items.add(new Item(piece.digest(), at, piece.chunk().length, piece.leaf()));
      at += piece.chunk().length;
      if (at - forced > FORCE_BYTES) {
        // In portions, so that the journal's own forces need not wait for all of it.
        gather.flush();
        handle.force(false);
        forced = at;
      }
    }
    gather.flush();
    return at;
  }

  /** Makes few large writes of many small ones. */
  private static final class Gather {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Disk.Handle handle;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long at;

    Gather(Disk.Handle handle, long at) {
      this.handle = handle;
      this.at = at;
    }

    void write(byte[] bytes) throws IOException {
      if (bytes.length > buffer.remaining()) {
        flush();
      }
      if (bytes.length > buffer.remaining()) {
        handle.write(ByteBuffer.wrap(bytes), at);
        at += bytes.length;
      } else {
        buffer.put(bytes);
      }
    }

    void flush() throws IOException {
      if (buffer.position() > 0) {
        buffer.flip();
        int length = buffer.remaining();
        handle.write(buffer, at);
        at += length;
        buffer.clear();
      }
    }
  }

  private static ByteBuffer index(Digest root, List<Item> items) {
    int bytes = Math.toIntExact(Digest.LENGTH + 4L + (long) items.size() * ITEM_BYTES);
    ByteBuffer index = ByteBuffer.allocate(bytes);
    index.put(root.toBytes()).putInt(items.size());
    for (Item item : items) {
      index.put(item.digest().toBytes()).putLong(item.offset()).putInt(item.length());
      index.put((byte) (item.leaf() ? 1 : 0));
    }
    return index.flip();
  }

  private static ByteBuffer header(
      Identity identity, long sequence, long number, long indexAt, ByteBuffer index) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    identity.write(header, MAGIC, VERSION);
    header.putLong(sequence).putLong(number).putLong(indexAt);
    header.putInt(index.remaining()).putInt(crc(index.duplicate()));
    header.clear();
    Identity.seal(header);
    return header;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /**
   * Reads header and index.
   *
   * @param identity whose it must be, or null for anybody's
   */
  static SnapshotFile read(Disk disk, Path file, Identity identity)
      throws IOException, JournalCorruptException {
    try (Disk.Handle handle = disk.open(file)) {
      long size = handle.size();
      ByteBuffer header = ByteBuffer.allocate((int) Math.min(HEADER_BYTES, size));
      handle.read(header, 0);
      header.clear();
      Identity found = Identity.read(file, header, MAGIC, VERSION);
      requireThisVersion(file, header);
      if (identity != null) {
        identity.requireSame(file, found);
      }
      long sequence = header.getLong();
      long number = header.getLong();
      if (!file.endsWith(Names.snapshot(sequence, number))) {
        throw JournalCorruptException.damaged(
            file,
            Identity.PREFIX_BYTES,
            "expected the file of " + Names.snapshot(sequence, number));
      }
      return parse(sequence, number, size, readIndex(file, handle, header, size));
    }
  }

  private static void requireThisVersion(Path file, ByteBuffer header)
      throws JournalCorruptException {
    int version = header.getInt(Long.BYTES);
    if (version != VERSION) {
      throw JournalCorruptException.foreign(
          file,
          Long.BYTES,
          "format version " + version + ", this program reads version " + VERSION,
          "`./pbft repair DIR ID` lets the replica fetch the state from the others");
    }
  }

  private static ByteBuffer readIndex(Path file, Disk.Handle handle, ByteBuffer header, long size)
      throws IOException, JournalCorruptException {
    long indexAt = header.getLong();
    int indexBytes = header.getInt();
    int indexCrc = header.getInt();
    if (indexBytes < 0 || indexAt + indexBytes != size) {
      throw JournalCorruptException.damaged(
          file, size, "expected an end at offset " + (indexAt + indexBytes));
    }
    ByteBuffer index = ByteBuffer.allocate(indexBytes);
    handle.read(index, indexAt);
    index.clear();
    if (crc(index.duplicate()) != indexCrc) {
      throw JournalCorruptException.damaged(
          file, indexAt, "the checksum does not match: expected a sound index");
    }
    return index;
  }

  /** The index is sound: as written. */
  private static SnapshotFile parse(long sequence, long number, long size, ByteBuffer index) {
    Digest root = digest(index);
    int count = index.getInt();
    List<Item> items = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      items.add(new Item(digest(index), index.getLong(), index.getInt(), index.get() == 1));
    }
    return new SnapshotFile(sequence, number, root, items, size);
  }

  private static Digest digest(ByteBuffer index) {
    byte[] bytes = new byte[Digest.LENGTH];
    index.get(bytes);
    return Digest.fromBytes(bytes);
  }
}
