package io.pbft.storage;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/**
 * A snapshot as a file: {@code header (512) | chunks | index}. The index has the replica's own data
 * and, for each chunk, its digest and where it is: in this file, or in that of an earlier snapshot,
 * so that a snapshot costs what has changed. A file is complete when it has its name: it is written
 * and forced under a temporary one.
 *
 * @param number of the file; later files have higher ones
 * @param fileBytes of the file
 * @param stateBytes of all chunks
 */
record SnapshotFile(
    long sequence,
    long number,
    byte[] meta,
    List<Digest> leaves,
    List<Place> places,
    long fileBytes,
    long stateBytes) {
  static final int VERSION = 1;
  static final int HEADER_BYTES = 512;

  /** "PBFTSNAP". */
  static final long MAGIC = 0x50424654534e4150L;

  private static final int FORCE_BYTES = 8 * 1024 * 1024;
  private static final int PLACE_BYTES = Digest.LENGTH + 8 + 8 + 8 + 4;

  /** Where a chunk is: the file by sequence and number, and the bytes in it. */
  record Place(long sequence, long number, long offset, int length) {
    String file() {
      return Names.snapshot(sequence, number);
    }
  }

  String name() {
    return Names.snapshot(sequence, number);
  }

  /** Names of the files that hold its chunks, and its own. */
  Set<String> files() {
    Set<String> names = new TreeSet<>();
    names.add(name());
    places.forEach(place -> names.add(place.file()));
    return names;
  }

  /**
   * Writes a snapshot; complete and durable when this returns.
   *
   * @param base the chunks of which are not written again, or null
   */
  static SnapshotFile write(
      Disk disk,
      Path directory,
      Identity identity,
      long number,
      KeptSnapshot snapshot,
      SnapshotFile base)
      throws IOException {
    Path file = directory.resolve(Names.snapshot(snapshot.sequence(), number));
    Path temporary = file.resolveSibling(file.getFileName() + Names.TEMPORARY);
    List<Place> places = new ArrayList<>();
    long fileBytes;
    try (Disk.Handle handle = disk.create(temporary)) {
      long end = writeChunks(handle, number, snapshot, base, places);
      ByteBuffer index = index(snapshot, places);
      handle.write(index.duplicate(), end);
      handle.write(header(identity, snapshot.sequence(), number, end, index), 0);
      handle.force(true);
      fileBytes = end + index.remaining();
    }
    disk.rename(temporary, file);
    disk.syncDirectory(directory);
    return new SnapshotFile(
        snapshot.sequence(),
        number,
        snapshot.meta(),
        snapshot.leaves(),
        List.copyOf(places),
        fileBytes,
        stateBytes(places));
  }

  /** Writes the chunks that are nowhere yet, and says where each is; the offset after the last. */
  private static long writeChunks(
      Disk.Handle handle, long number, KeptSnapshot snapshot, SnapshotFile base, List<Place> places)
      throws IOException {
    Map<Digest, Place> known = new HashMap<>();
    for (int i = 0; base != null && i < base.leaves.size(); i++) {
      known.put(base.leaves.get(i), base.places.get(i));
    }
    long at = HEADER_BYTES;
    long forced = at;
    for (int i = 0; i < snapshot.leaves().size(); i++) {
      Digest leaf = snapshot.leaves().get(i);
      Place place = known.get(leaf);
      if (place == null) {
        byte[] chunk = snapshot.state().chunk(i);
        requireUnchanged(snapshot, i, chunk);
        handle.write(ByteBuffer.wrap(chunk), at);
        place = new Place(snapshot.sequence(), number, at, chunk.length);
        known.put(leaf, place);
        at += chunk.length;
      }
      places.add(place);
      if (at - forced > FORCE_BYTES) {
        // In portions, so that the journal's own forces need not wait for all of it.
        handle.force(false);
        forced = at;
      }
    }
    return at;
  }

  private static void requireUnchanged(KeptSnapshot snapshot, int index, byte[] chunk)
      throws IOException {
    if (!ChunkTree.leaf(chunk).equals(snapshot.leaves().get(index))) {
      throw new IOException(
          "chunk "
              + index
              + " of the snapshot at "
              + snapshot.sequence()
              + " has changed since it was taken: a snapshot must be immutable");
    }
  }

  private static long stateBytes(List<Place> places) {
    return places.stream().mapToLong(Place::length).sum();
  }

  private static ByteBuffer index(KeptSnapshot snapshot, List<Place> places) {
    int bytes = Math.toIntExact(8L + snapshot.meta().length + (long) places.size() * PLACE_BYTES);
    ByteBuffer index = ByteBuffer.allocate(bytes);
    index.putInt(snapshot.meta().length).put(snapshot.meta()).putInt(places.size());
    for (int i = 0; i < places.size(); i++) {
      Place place = places.get(i);
      index.put(snapshot.leaves().get(i).toBytes());
      index.putLong(place.sequence()).putLong(place.number());
      index.putLong(place.offset()).putInt(place.length());
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
      return parse(sequence, number, size, index);
    }
  }

  /** The index is sound: as written. */
  private static SnapshotFile parse(long sequence, long number, long size, ByteBuffer index) {
    byte[] meta = new byte[index.getInt()];
    index.get(meta);
    int chunks = index.getInt();
    List<Digest> leaves = new ArrayList<>(chunks);
    List<Place> places = new ArrayList<>(chunks);
    byte[] digest = new byte[Digest.LENGTH];
    for (int i = 0; i < chunks; i++) {
      index.get(digest);
      leaves.add(Digest.fromBytes(digest));
      places.add(new Place(index.getLong(), index.getLong(), index.getLong(), index.getInt()));
    }
    return new SnapshotFile(
        sequence, number, meta, leaves, List.copyOf(places), size, stateBytes(places));
  }

  /** The snapshot, its chunks read when asked for. */
  KeptSnapshot toKept(Disk disk, Path directory) {
    Snapshot state =
        new Snapshot() {
          @Override
          public int chunks() {
            return leaves.size();
          }

          @Override
          public byte[] chunk(int index) {
            return readChunk(disk, directory, index);
          }
        };
    return new KeptSnapshot(sequence, meta, leaves, state);
  }

  private byte[] readChunk(Disk disk, Path directory, int index) {
    Place place = places.get(index);
    Path file = directory.resolve(place.file());
    ByteBuffer chunk = ByteBuffer.allocate(place.length());
    try (Disk.Handle handle = disk.open(file)) {
      handle.read(chunk, place.offset());
    } catch (IOException e) {
      throw new RottenSnapshotException(file, place.offset(), "chunk " + index + ": " + e, e);
    }
    if (!ChunkTree.leaf(chunk.array()).equals(leaves.get(index))) {
      String finding = "chunk " + index + " does not match its digest " + leaves.get(index);
      throw new RottenSnapshotException(file, place.offset(), finding, new IOException(finding));
    }
    return chunk.array();
  }
}
