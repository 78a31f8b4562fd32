package io.pbft.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a certified digest says of a state: all of it. */
class ChunkTreeTest {
  private static byte[] leaf(int i) {
    return ("leaf " + i).getBytes(StandardCharsets.US_ASCII);
  }

  private static Digest root(List<Integer> leaves) {
    return Snapshot.ofLeaves(leaves.stream().map(ChunkTreeTest::leaf).toList()).root().digest();
  }

  private static List<Integer> upTo(int count) {
    return new ArrayList<>(IntStream.range(0, count).boxed().toList());
  }

  @Test
  void theBytesAreAsDocumented() {
    Digest a = Digest.of(new byte[] {1});
    Digest b = Digest.of(new byte[] {2});
    assertThat(ChunkTree.leaf(new byte[] {7, 8})).containsExactly(0, 7, 8);
    assertThat(ChunkTree.inner(List.of(a, b))).hasSize(65).startsWith(1).endsWith(b.toBytes());
    assertThat(ChunkTree.root(258, a, b))
        .hasSize(73)
        .startsWith(2, 0, 0, 0, 0, 0, 0, 1, 2)
        .endsWith(b.toBytes());
    assertThat(ChunkTree.children(ChunkTree.inner(List.of(a, b)))).containsExactly(a, b);
    assertThat(ChunkTree.children(ChunkTree.root(258, a, b))).containsExactly(a, b);
    assertThat(ChunkTree.children(ChunkTree.leaf(a.toBytes()))).isEmpty();
    assertThat(ChunkTree.content(ChunkTree.leaf(new byte[] {7, 8}))).containsExactly(7, 8);
  }

  @Test
  void everyListOfLeavesHasADigestOfItsOwn() {
    Set<Digest> roots = new HashSet<>();
    for (int count = 0; count <= 200; count++) {
      assertThat(roots.add(root(upTo(count)))).as("%d leaves", count).isTrue();
      List<Integer> repeated = upTo(count);
      repeated.add(Math.max(0, count - 1));
      // The classic trap (CVE-2012-2459): an odd last leaf that is paired with itself.
      assertThat(count == 0 || roots.add(root(repeated))).as("%d and one again", count).isTrue();
    }
  }

  @Test
  void everyLeafAndItsPlaceCount() {
    Digest whole = root(upTo(70));
    for (int i = 0; i < 70; i++) {
      List<Integer> changed = upTo(70);
      changed.set(i, 1000);
      assertThat(root(changed)).isNotEqualTo(whole);
      List<Integer> moved = upTo(70);
      moved.add(moved.remove(i));
      assertThat(i == 69 || !root(moved).equals(whole)).isTrue();
    }
  }

  @Test
  void sequenceMetaAndStateCount() {
    Set<Digest> digests = new HashSet<>();
    for (long sequence = 1; sequence <= 2; sequence++) {
      for (int meta = 1; meta <= 2; meta++) {
        for (int state = 1; state <= 2; state++) {
          digests.add(new KeptSnapshot(sequence, leaf(meta), Snapshot.of(leaf(state))).digest());
        }
      }
    }
    assertThat(digests).hasSize(8);
  }

  @Test
  void anInnerChunkPassesForNoLeaf() {
    Digest a = Digest.of(new byte[] {1});
    assertThat(ChunkTree.digest(ChunkTree.leaf(a.toBytes())))
        .isNotEqualTo(ChunkTree.digest(ChunkTree.inner(List.of(a))));
  }

  @Test
  void whatIsNoChunkIsRefused() {
    for (byte[] bytes : List.of(new byte[0], new byte[] {1}, new byte[40], new byte[] {2, 3})) {
      byte[] wrong = bytes.clone();
      if (wrong.length == 40) {
        wrong[0] = 1;
      }
      assertThatThrownBy(() -> ChunkTree.children(wrong)).hasMessageContaining("not a chunk");
    }
    assertThatThrownBy(() -> ChunkTree.leaf(new byte[ChunkTree.MAX_LEAF_BYTES + 1]))
        .hasMessageContaining("has 1048577 bytes, more than 1048576");
    assertThatThrownBy(() -> ChunkTree.inner(List.of())).hasMessageContaining("1 to 1024 children");
  }

  @Test
  void aStoredNodeReadsWhatIsBelowWhenAsked() {
    List<Digest> read = new ArrayList<>();
    StateNode whole = Snapshot.ofLeaves(List.of(leaf(1), leaf(2))).root();
    StateNode stored =
        StateNode.stored(
            whole.digest(),
            name -> {
              read.add(name);
              return name.equals(whole.digest())
                  ? whole.chunk()
                  : whole.children().stream()
                      .filter(child -> child.digest().equals(name))
                      .findAny()
                      .orElseThrow()
                      .chunk();
            });
    assertThat(stored.digest()).isEqualTo(whole.digest());
    assertThat(read).isEmpty();
    Snapshot snapshot = () -> stored;
    assertThat(new String(snapshot.toBytes(), StandardCharsets.US_ASCII)).isEqualTo("leaf 1leaf 2");
  }
}
