package io.pbft.storage;

import io.pbft.core.driver.ChunkGraph;
import io.pbft.core.message.ChunkTree;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** First the chunks that are new, those below others first, then those that are moved. */
final class SnapshotPieces implements SnapshotFile.Source {
  private final Iterator<Map.Entry<Digest, ChunkGraph.Absent<ChunkFile.Place>>> fresh;
  private final Iterator<Digest> moved;
  private final ChunkStore chunks;

  SnapshotPieces(
      Map<Digest, ChunkGraph.Absent<ChunkFile.Place>> fresh,
      List<Digest> moved,
      ChunkStore chunks) {
    this.fresh = fresh.entrySet().iterator();
    this.moved = moved.iterator();
    this.chunks = chunks;
  }

  @Override
  public SnapshotFile.Piece next() throws IOException {
    if (fresh.hasNext()) {
      Map.Entry<Digest, ChunkGraph.Absent<ChunkFile.Place>> next = fresh.next();
      return piece(next.getKey(), next.getValue().node().chunk());
    }
    while (moved.hasNext()) {
      Digest name = moved.next();
      byte[] chunk = chunks.read(name);
      // It may have become garbage meanwhile.
      if (chunk != null) {
        return piece(name, chunk);
      }
    }
    return null;
  }

  private static SnapshotFile.Piece piece(Digest name, byte[] chunk) throws IOException {
    if (!ChunkTree.digest(chunk).equals(name)) {
      throw new IOException(
          "a chunk has changed since it was hashed: the state machine's snapshots must be"
              + " immutable");
    }
    return new SnapshotFile.Piece(name, chunk, ChunkTree.isLeaf(chunk));
  }
}
