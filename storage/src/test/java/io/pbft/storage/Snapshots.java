package io.pbft.storage;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Snapshots whose chunks are told by numbers. */
final class Snapshots {
  private Snapshots() {}

  /** A snapshot with a chunk for each content number; equal numbers make equal chunks. */
  static KeptSnapshot of(long sequence, int chunkBytes, int... contents) {
    List<byte[]> chunks = new ArrayList<>();
    List<Digest> leaves = new ArrayList<>();
    for (int content : contents) {
      byte[] chunk = new byte[chunkBytes];
      Arrays.fill(chunk, (byte) content);
      chunks.add(chunk);
      leaves.add(ChunkTree.leaf(chunk));
    }
    Snapshot state =
        new Snapshot() {
          @Override
          public int chunks() {
            return chunks.size();
          }

          @Override
          public byte[] chunk(int index) {
            return chunks.get(index).clone();
          }
        };
    return new KeptSnapshot(sequence, new byte[] {(byte) sequence, 7}, leaves, state);
  }

  static boolean same(KeptSnapshot a, KeptSnapshot b) {
    return a.sequence() == b.sequence()
        && Arrays.equals(a.meta(), b.meta())
        && a.leaves().equals(b.leaves())
        && Arrays.equals(a.state().toBytes(), b.state().toBytes());
  }
}
