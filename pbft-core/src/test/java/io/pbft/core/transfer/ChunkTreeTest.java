package io.pbft.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkTreeTest {
  private static Digest leaf(int i) {
    return ChunkTree.leaf(("chunk " + i).getBytes(StandardCharsets.US_ASCII));
  }

  private static List<Digest> leaves(int count) {
    return IntStream.range(0, count).mapToObj(ChunkTreeTest::leaf).toList();
  }

  private static Digest node(Digest left, Digest right) {
    return Hasher.domain("chunk-node").putDigest(left).putDigest(right).digest();
  }

  private static Digest root(int count, Digest top) {
    return Hasher.domain("chunk-root").putInt(count).putDigest(top).digest();
  }

  @Test
  void noChunksHaveARootOfTheirOwn() {
    assertThat(ChunkTree.root(List.of()))
        .isEqualTo(Hasher.domain("chunk-root").putInt(0).digest())
        .isNotEqualTo(ChunkTree.root(List.of(ChunkTree.leaf(new byte[0]))));
  }

  @Test
  void oneChunkIsItsOwnTree() {
    assertThat(ChunkTree.root(leaves(1))).isEqualTo(root(1, leaf(0)));
  }

  @Test
  void theShapeIsAsDocumented() {
    Digest left = node(leaf(0), leaf(1));
    assertThat(ChunkTree.root(leaves(2))).isEqualTo(root(2, left));
    assertThat(ChunkTree.root(leaves(3))).isEqualTo(root(3, node(left, leaf(2))));
    assertThat(ChunkTree.root(leaves(4))).isEqualTo(root(4, node(left, node(leaf(2), leaf(3)))));
    assertThat(ChunkTree.root(leaves(5)))
        .isEqualTo(root(5, node(node(left, node(leaf(2), leaf(3))), leaf(4))));
  }

  @Test
  void everyCountGivesAnotherRoot() {
    Set<Digest> roots = new HashSet<>();
    for (int count = 0; count <= 130; count++) {
      assertThat(roots.add(ChunkTree.root(leaves(count)))).as("%d chunks", count).isTrue();
    }
  }

  /** The classic trap (CVE-2012-2459): an odd last leaf that is paired with itself. */
  @Test
  void repeatingTheLastChunkChangesTheRoot() {
    for (int count = 1; count <= 17; count++) {
      List<Digest> repeated = new ArrayList<>(leaves(count));
      repeated.add(leaf(count - 1));
      assertThat(ChunkTree.root(repeated)).isNotEqualTo(ChunkTree.root(leaves(count)));
    }
  }

  @Test
  void anInnerNodePassesForNoLeaf() {
    Digest left = node(leaf(0), leaf(1));
    Digest right = node(leaf(2), leaf(3));
    assertThat(ChunkTree.root(List.of(left, right))).isNotEqualTo(ChunkTree.root(leaves(4)));

    byte[] asBytes = new byte[2 * Digest.LENGTH];
    leaf(0).copyTo(asBytes, 0);
    leaf(1).copyTo(asBytes, Digest.LENGTH);
    assertThat(ChunkTree.leaf(asBytes)).isNotEqualTo(left);
  }

  @Test
  void everyChunkAndItsPlaceCount() {
    for (int count = 2; count <= 33; count++) {
      Digest whole = ChunkTree.root(leaves(count));
      for (int i = 0; i < count; i++) {
        List<Digest> changed = new ArrayList<>(leaves(count));
        changed.set(i, leaf(1000));
        assertThat(ChunkTree.root(changed)).isNotEqualTo(whole);
        List<Digest> swapped = new ArrayList<>(leaves(count));
        Collections.swap(swapped, i, (i + 1) % count);
        assertThat(ChunkTree.root(swapped)).isNotEqualTo(whole);
      }
    }
  }
}
