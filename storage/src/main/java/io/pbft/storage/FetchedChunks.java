package io.pbft.storage;

import io.pbft.core.message.ChunkTree;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Chunks of a state that is being fetched, in a file of their own: {@code header (512)}, and for
 * each {@code length (4) | CRC32C (4) | chunk}. Written without forcing: what a loss of power takes
 * is fetched again. A chunk is known by its content, so nothing here can be wrong, at most useless;
 * a header that is not this replica's, or a chunk that does not check, ends what is used of the
 * file.
 */
final class FetchedChunks {
  static final int VERSION = 1;

  /** "PBFTFTCH". */
  private static final long MAGIC = 0x5042465446544348L;

  private static final int HEADER_BYTES = 512;
  private static final int FRAME_BYTES = 8;

  private record Place(long offset, int length, List<Digest> children) {}

  private final Disk disk;
  private final Path file;
  private final Identity identity;
  private final Map<Digest, Place> places = new HashMap<>();
  private Disk.Handle handle;
  private long end;

  FetchedChunks(Disk disk, Path directory, Identity identity) {
    this.disk = disk;
    this.file = directory.resolve(Names.FETCHED);
    this.identity = identity;
  }

  /** Takes up what an earlier life has left. */
  void load() throws IOException {
    if (!disk.exists(file)) {
      return;
    }
    handle = disk.open(file);
    if (hasSoundHeader()) {
      end = HEADER_BYTES;
      boolean more = true;
      while (more) {
        more = loadOne();
      }
    } else {
      clear();
    }
  }

  private boolean hasSoundHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    handle.read(header, 0);
    header.clear();
    try {
      identity.requireSame(file, Identity.read(file, header, MAGIC, VERSION));
      return true;
    } catch (JournalCorruptException e) {
      return false;
    }
  }

  private boolean loadOne() throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    handle.read(frame, end);
    if (frame.hasRemaining()) {
      return false;
    }
    frame.flip();
    int length = frame.getInt();
    if (length < 1 || length > ChunkTree.MAX_LEAF_BYTES + 1) {
      return false;
    }
    ByteBuffer chunk = ByteBuffer.allocate(length);
    handle.read(chunk, end + FRAME_BYTES);
    if (chunk.hasRemaining() || crc(chunk.array()) != frame.getInt()) {
      return false;
    }
    remember(chunk.array());
    return true;
  }

  private void remember(byte[] chunk) {
    Place place = new Place(end + FRAME_BYTES, chunk.length, ChunkTree.children(chunk));
    places.put(ChunkTree.digest(chunk), place);
    end += FRAME_BYTES + (long) chunk.length;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  void add(List<byte[]> chunks) throws IOException {
    if (handle == null) {
      handle = disk.create(file);
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      identity.write(header, MAGIC, VERSION);
      header.clear();
      Identity.seal(header);
      handle.write(header, 0);
      end = HEADER_BYTES;
    }
    long from = end;
    int bytes = chunks.stream().mapToInt(chunk -> FRAME_BYTES + chunk.length).sum();
    ByteBuffer frames = ByteBuffer.allocate(bytes);
    for (byte[] chunk : chunks) {
      frames.putInt(chunk.length).putInt(crc(chunk)).put(chunk);
    }
    handle.write(frames.flip(), from);
    chunks.forEach(this::remember);
  }

  /** The names below a chunk, or null if it is not here. */
  List<Digest> children(Digest name) {
    Place place = places.get(name);
    return place == null ? null : place.children();
  }

  /**
   * A chunk, or null.
   *
   * @throws RottenSnapshotException if it is not what was written
   */
  byte[] read(Digest name) {
    Place place = places.get(name);
    return place == null
        ? null
        : ChunkFile.read(handle, file, place.offset(), place.length(), name);
  }

  boolean isEmpty() {
    return handle == null;
  }

  void clear() throws IOException {
    if (handle != null) {
      handle.close();
      handle = null;
      places.clear();
      disk.delete(file);
    }
  }

  void close() throws IOException {
    if (handle != null) {
      handle.close();
      handle = null;
    }
  }
}
