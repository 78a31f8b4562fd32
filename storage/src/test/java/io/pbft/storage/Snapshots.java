package io.pbft.storage;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Snapshots whose leaves are told by numbers. */
final class Snapshots {
  private Snapshots() {}

  /** A snapshot with a leaf for each content number; equal numbers make equal chunks. */
  static KeptSnapshot of(long sequence, int chunkBytes, int... contents) {
    List<byte[]> leaves = new ArrayList<>();
    for (int content : contents) {
      byte[] leaf = new byte[chunkBytes];
      Arrays.fill(leaf, (byte) content);
      leaves.add(leaf);
    }
    return new KeptSnapshot(sequence, new byte[] {(byte) sequence, 7}, Snapshot.ofLeaves(leaves));
  }

  static boolean same(KeptSnapshot a, KeptSnapshot b) {
    return a.sequence() == b.sequence()
        && Arrays.equals(a.meta(), b.meta())
        && a.digest().equals(b.digest())
        && Arrays.equals(a.state().toBytes(), b.state().toBytes());
  }
}
