package io.pbft.core.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StateMapTest {
  private final Random random = new Random(42);

  private static byte[] key(int i) {
    return ("key/" + i).getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] value(int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    return value;
  }

  private static StateMap filled(int entries) {
    StateMap map = new StateMap();
    for (int i = 0; i < entries; i++) {
      map.put(key(i), key(i * 31));
    }
    return map;
  }

  private static StateMap of(Map<byte[], byte[]> entries) {
    StateMap map = new StateMap();
    entries.forEach(map::put);
    return map;
  }

  private static Digest digest(StateMap map) {
    return map.snapshot().root().digest();
  }

  private static Set<Digest> chunks(Snapshot snapshot) {
    Set<Digest> all = new HashSet<>();
    collect(snapshot.root(), all);
    return all;
  }

  private static void collect(StateNode node, Set<Digest> into) {
    into.add(node.digest());
    node.children().forEach(child -> collect(child, into));
  }

  /** As it would come from another replica: nodes that know their chunks and no more. */
  private static Snapshot fetched(Snapshot from, List<Digest> read) {
    Map<Digest, byte[]> chunks = new TreeMap<>();
    record(from.root(), chunks);
    StateNode root =
        StateNode.stored(
            from.root().digest(),
            name -> {
              read.add(name);
              return chunks.get(name);
            });
    return () -> root;
  }

  private static void record(StateNode node, Map<Digest, byte[]> into) {
    into.put(node.digest(), node.chunk());
    node.children().forEach(child -> record(child, into));
  }

  /** Sizes that make leaves split and join, single entries beyond the limit, growth and decline. */
  private void change(StateMap map, TreeMap<byte[], byte[]> model, int step) {
    boolean growing = step / 4000 % 2 == 0;
    byte[] key = key(random.nextInt(3000));
    if (random.nextInt(10) < (growing ? 7 : 3)) {
      byte[] value = value(random.nextInt(100) == 0 ? 6000 : random.nextInt(200));
      assertThat(map.put(key, value)).isSameAs(model.put(key, value));
    } else {
      assertThat(map.remove(key)).isSameAs(model.remove(key));
    }
  }

  @Test
  void itIsASortedMap() {
    StateMap map = new StateMap();
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int step = 0; step < 16_000; step++) {
      change(map, model, step);
      if (step % 1000 == 0) {
        map.snapshot();
      }
    }
    assertThat(map.size()).isEqualTo(model.size());
    assertThat(map.bytes())
        .isEqualTo(
            model.entrySet().stream()
                .mapToLong(e -> e.getKey().length + e.getValue().length)
                .sum());
    assertThat(List.copyOf(map.entries().values())).isEqualTo(List.copyOf(model.values()));
    model.forEach((key, value) -> assertThat(map.get(key)).isSameAs(value));
    assertThatThrownBy(() -> map.entries().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void theTreeFollowsFromTheContentsAloneWhateverTheirHistory() {
    StateMap map = new StateMap();
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    StateMap follower = new StateMap();
    for (int step = 0; step < 16_000; step++) {
      change(map, model, step);
      if (step % 1000 == 999) {
        Snapshot snapshot = map.snapshot();
        follower.restore(fetched(snapshot, new ArrayList<>()));
        assertThat(digest(follower)).isEqualTo(snapshot.root().digest());
        assertThat(digest(of(model))).isEqualTo(snapshot.root().digest());
        assertThat(follower.bytes()).isEqualTo(map.bytes());
      }
      if (step % 1000 == 500) {
        // What it had of its own goes with the next state it takes over.
        follower.put(key(step), value(300));
        follower.remove(key(random.nextInt(3000)));
      }
    }
    List.copyOf(model.keySet()).forEach(map::remove);
    assertThat(digest(map)).isEqualTo(digest(new StateMap()));
  }

  @Test
  void aReplicaGoesOnFromAFetchedStateAsTheOthersDo() {
    StateMap map = filled(5000);
    StateMap follower = new StateMap();
    follower.restore(fetched(map.snapshot(), new ArrayList<>()));
    for (int i = 0; i < 10_000; i += 3) {
      map.put(key(i), key(7 * i));
      follower.put(key(i), key(7 * i));
      map.remove(key(i + 1));
      follower.remove(key(i + 1));
    }
    assertThat(digest(follower)).isEqualTo(digest(map));
  }

  @Test
  void aSnapshotStaysAsItWas() {
    StateMap map = filled(3000);
    Snapshot before = map.snapshot();
    byte[] then = before.toBytes();
    Digest digest = digest(filled(3000));
    for (int i = 0; i < 3000; i += 2) {
      map.put(key(i), value(50));
      map.remove(key(i + 1));
    }
    assertThat(before.toBytes()).isEqualTo(then);
    assertThat(before.root().digest()).as("hashed only now").isEqualTo(digest);
  }

  @Test
  void aChangeTouchesOneLeafAndTheWayToIt() {
    StateMap map = filled(100_000);
    Set<Digest> before = chunks(map.snapshot());
    assertThat(before).hasSizeBetween(700, 4000);
    map.put(key(777), key(1));
    Set<Digest> after = chunks(map.snapshot());
    after.removeAll(before);
    assertThat(after).hasSizeBetween(2, 5);
  }

  @Test
  void leavesAreBoundedUnlessASingleEntryIsLonger() {
    StateMap map = filled(20_000);
    map.put(key(-1), value(100_000));
    List<Integer> sizes = new ArrayList<>();
    map.snapshot().forEachLeaf(content -> sizes.add(content.length));
    assertThat(sizes.stream().filter(size -> size > Leaf.LIMIT_BYTES + 2))
        .singleElement()
        .satisfies(size -> assertThat(size).isGreaterThan(100_000));
    assertThat(sizes.stream().mapToInt(size -> size).average().orElse(0))
        .as("well filled")
        .isGreaterThan(Leaf.LIMIT_BYTES / 2.0);
  }

  @Test
  void takingOverAStateReadsOnlyWhatDiffers() {
    StateMap map = filled(50_000);
    StateMap other = filled(50_000);
    assertThat(digest(other)).isEqualTo(digest(map));
    for (int i = 0; i < 20; i++) {
      map.put(key(1000 * i), value(20));
    }
    map.remove(key(49_999));
    List<Digest> read = new ArrayList<>();
    other.restore(fetched(map.snapshot(), read));
    assertThat(new HashSet<>(read)).hasSizeBetween(20, 90);
    assertThat(digest(other)).isEqualTo(digest(map));
    assertThat(other.get(key(49_999))).isNull();
    assertThat(other.size()).isEqualTo(49_999);
  }

  @Test
  void whatIsNoSnapshotOfAMapIsRefused() {
    for (byte[] content : List.of(new byte[] {0}, new byte[] {0, 0, 0, 0, 0, 9, 1}, key(1))) {
      assertThatThrownBy(() -> new StateMap().restore(Snapshot.ofLeaves(List.of(content))))
          .isInstanceOf(IllegalArgumentException.class);
    }
    byte[] leaf = {0, 6};
    assertThatThrownBy(() -> new StateMap().restore(Snapshot.ofLeaves(List.of(leaf, leaf))))
        .hasMessageContaining("a branch with 2 slots filled");
    byte[] deep = {0, 9};
    assertThatThrownBy(() -> new StateMap().restore(Snapshot.ofLeaves(List.of(deep, deep))))
        .hasMessageContaining("a leaf of depth 9 in a branch of depth 0");
  }
}
