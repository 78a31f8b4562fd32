package io.pbft.core.driver;

import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@link io.pbft.core.spi.SnapshotStore#read} promises, over any source of chunks. */
public final class ChunkReading {
  private static final byte[] ABSENT = {};

  private ChunkReading() {}

  /**
   * @param source a chunk, or null for one that is not there
   */
  public static List<byte[]> read(
      List<Digest> digests, int maxBytes, Function<Digest, byte[]> source) {
    List<byte[]> chunks = new ArrayList<>();
    long bytes = 0;
    for (Digest digest : digests) {
      byte[] found = source.apply(digest);
      byte[] chunk = found == null ? ABSENT : found;
      bytes += chunk.length;
      if (!chunks.isEmpty() && bytes > maxBytes) {
        break;
      }
      chunks.add(chunk);
    }
    return chunks;
  }
}
