package io.pbft.core.transfer;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;

/**
 * The Merkle tree over a state's chunks: what a checkpoint certifies of the application's state.
 *
 * <p>Leaves, inner nodes and the root are hashed under different domain tags, so that none passes
 * for another, and the root covers the number of chunks, so that the tree's shape is fixed by it: a
 * node without a right neighbour goes up one level as it is, which without the count would let two
 * lists of chunks share a root. No two different lists of chunks have the same root (short of a
 * collision of SHA-256).
 */
public final class ChunkTree {
  private static final String LEAF = "chunk";
  private static final String NODE = "chunk-node";
  private static final String ROOT = "chunk-root";

  private ChunkTree() {}

  /** The digest of one chunk. The chunk's position is bound by its place in the tree. */
  public static Digest leaf(byte[] chunk) {
    return Hasher.domain(LEAF).putBytes(chunk).digest();
  }

  /**
   * The digest of a state.
   *
   * @param leaves the digest of each chunk, in order; may be empty
   */
  public static Digest root(List<Digest> leaves) {
    Hasher node = Hasher.domain(NODE);
    List<Digest> level = leaves;
    while (level.size() > 1) {
      List<Digest> above = new ArrayList<>((level.size() + 1) / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(node.putDigest(level.get(i)).putDigest(level.get(i + 1)).digest());
      }
      if (level.size() % 2 == 1) {
        above.add(level.get(level.size() - 1));
      }
      level = above;
    }
    Hasher root = Hasher.domain(ROOT).putInt(leaves.size());
    return (level.isEmpty() ? root : root.putDigest(level.get(0))).digest();
  }
}
