package io.pbft.core.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of snapshots that share much: contents are few, so that they come back, and some
 * nodes are taken over from earlier trees as objects, others only as equals.
 */
class ChunkGraphTest {
  private static final int STEPS = 60;
  private static final int CONTENTS = 6;

  private final ChunkGraph<Digest> graph = new ChunkGraph<>();
  private final List<StateNode> held = new ArrayList<>();
  private final List<StateNode> seen = new ArrayList<>();
  private final Map<Digest, StateNode> all = new TreeMap<>();

  private StateNode tree(SplittableRandom random, int height) {
    if (!seen.isEmpty() && random.nextInt(3) == 0) {
      return seen.get(random.nextInt(seen.size()));
    }
    StateNode node;
    if (height == 0) {
      node = StateNode.leaf(new byte[] {(byte) random.nextInt(CONTENTS)});
    } else {
      List<StateNode> parts = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        parts.add(tree(random, random.nextInt(height)));
      }
      node = StateNode.above(parts);
    }
    seen.add(node);
    return node;
  }

  /** What happens on the owner's thread while another one takes a snapshot in. */
  private void letGo(SplittableRandom random) {
    while (!held.isEmpty() && random.nextInt(3) > 0) {
      graph.release(held.remove(random.nextInt(held.size())).digest());
    }
    while (random.nextInt(4) > 0 && graph.sweep(random.nextInt(1, 5), this::isGone)) {
      // Some of it, or all.
    }
  }

  private void isGone(Digest place) {
    assertThat(place).isNotNull();
  }

  private void takeIn(StateNode root, SplittableRandom random) {
    Map<Digest, ChunkGraph.Absent<Digest>> absent = graph.absent(root);
    letGo(random);
    for (ChunkGraph.Absent<Digest> each : absent.values()) {
      graph.add(each, each.node().digest());
      letGo(random);
    }
    if (!absent.isEmpty()) {
      graph.hold(root.digest());
    }
    held.add(root);
  }

  private void reach(StateNode node, TreeSet<Digest> reached) {
    all.put(node.digest(), node);
    if (reached.add(node.digest())) {
      node.children().forEach(child -> reach(child, reached));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatSomeSnapshotNeedsIsHereAndNothingElse(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int step = 0; step < STEPS; step++) {
      takeIn(tree(random, 4), random);
      letGo(random);
      graph.sweep(Integer.MAX_VALUE, this::isGone);
      TreeSet<Digest> needed = new TreeSet<>();
      held.forEach(root -> reach(root, needed));
      for (Digest name : all.keySet()) {
        assertThat(graph.place(name)).isEqualTo(needed.contains(name) ? name : null);
      }
      assertThat(graph.missing(List.copyOf(all.keySet()), name -> null))
          .hasSize(all.size() - needed.size());
    }
  }
}
