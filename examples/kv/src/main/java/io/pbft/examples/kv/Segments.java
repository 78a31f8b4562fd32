package io.pbft.examples.kv;

import io.pbft.core.spi.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Cuts the sorted entries into segments whose borders depend on the keys alone: a segment begins at
 * each key whose hash ends in seven zero bits. So equal contents have equal chunks, whatever their
 * history, and a change touches the chunks of one segment (two when a border key comes or goes)
 * instead of shifting all that follow. Encodings of untouched segments are shared from snapshot to
 * snapshot.
 *
 * <p>Keys chosen to avoid borders only make segments long: chunks stay within {@link
 * Snapshot#CHUNK_BYTES}.
 */
final class Segments {
  private static final byte[] FIRST = new byte[0];
  private static final int BORDER_MASK = 0x7f;

  /** Start key of each segment to its chunks; null where they are to be made again. */
  private final NavigableMap<byte[], List<byte[]>> chunksByStart =
      new TreeMap<>(Arrays::compareUnsigned);

  Segments() {
    chunksByStart.put(FIRST, null);
  }

  void changed(byte[] key, boolean added) {
    touch(key);
    if (added && isBorder(key)) {
      chunksByStart.put(key, null);
    }
  }

  void removed(byte[] key) {
    if (isBorder(key)) {
      chunksByStart.remove(key);
    }
    touch(key);
  }

  private void touch(byte[] key) {
    chunksByStart.put(chunksByStart.floorKey(key), null);
  }

  /** The empty key begins the first segment anyway. */
  private static boolean isBorder(byte[] key) {
    return key.length > 0 && (hash(key) & BORDER_MASK) == 0;
  }

  /** FNV-1a, then mixed so that the low bits depend on all of it. */
  private static int hash(byte[] key) {
    int hash = 0x811c9dc5;
    for (byte b : key) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    return hash ^ hash >>> 13;
  }

  Snapshot snapshot(NavigableMap<byte[], byte[]> entries) {
    List<byte[]> all = new ArrayList<>(chunksByStart.size());
    for (Map.Entry<byte[], List<byte[]>> segment : chunksByStart.entrySet()) {
      if (segment.getValue() == null) {
        byte[] end = chunksByStart.higherKey(segment.getKey());
        segment.setValue(
            encode(
                end == null
                    ? entries.tailMap(segment.getKey(), true)
                    : entries.subMap(segment.getKey(), true, end, false)));
      }
      all.addAll(segment.getValue());
    }
    return new Chunks(List.copyOf(all));
  }

  private static List<byte[]> encode(NavigableMap<byte[], byte[]> entries) {
    Wire.Out out = new Wire.Out();
    entries.forEach((key, value) -> out.sized(key).sized(value));
    byte[] bytes = out.toBytes();
    List<byte[]> chunks = new ArrayList<>(1);
    for (int at = 0; at < bytes.length; at += Snapshot.CHUNK_BYTES) {
      chunks.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + Snapshot.CHUNK_BYTES)));
    }
    return chunks;
  }

  private record Chunks(List<byte[]> list) implements Snapshot {
    @Override
    public int chunks() {
      return list.size();
    }

    @Override
    public byte[] chunk(int index) {
      return list.get(index);
    }
  }
}
