package io.pbft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KvStateMachineTest {
  private final KvStateMachine store = new KvStateMachine();

  @Test
  void setsReadsAndRemoves() {
    assertThat(get("a")).isNull();
    put("a", "1");
    put("a", "2");
    assertThat(get("a")).isEqualTo("2");
    assertThat(run(store, new KvOperation.Delete(utf8("a")))).isInstanceOf(KvResult.Done.class);
    assertThat(run(store, new KvOperation.Delete(utf8("a")))).isInstanceOf(KvResult.None.class);
    assertThat(get("a")).isNull();
  }

  @Test
  void comparesBeforeItSets() {
    assertThat(cas("a", "0", "1")).isEqualTo("CONFLICT none");
    assertThat(cas("a", null, "1")).isEqualTo("DONE");
    assertThat(cas("a", null, "2")).isEqualTo("CONFLICT 1");
    assertThat(cas("a", "0", "2")).isEqualTo("CONFLICT 1");
    assertThat(cas("a", "1", "2")).isEqualTo("DONE");
    assertThat(get("a")).isEqualTo("2");
  }

  @Test
  void scansAPrefixInKeyOrderPageByPage() {
    for (int i = 99; i >= 0; i--) {
      put(String.format("p%02d", i), "v" + i);
    }
    put("o", "before");
    put("q", "after");
    List<String> keys = new ArrayList<>();
    byte[] after = null;
    int pages = 0;
    KvResult.Entries page;
    do {
      page = (KvResult.Entries) run(store, new KvOperation.Scan(utf8("p"), after, 30));
      page.entries().forEach(entry -> keys.add(KvClient.string(entry.key())));
      after = page.entries().get(page.entries().size() - 1).key();
      pages++;
    } while (page.more());
    assertThat(pages).isEqualTo(4);
    assertThat(keys).hasSize(100).isSorted().startsWith("p00").endsWith("p99");
  }

  @Test
  void aScanOfLargeValuesEndsEarlyAndSaysSo() {
    for (int i = 0; i < 5; i++) {
      run(store, new KvOperation.Put(utf8("k" + i), new byte[200_000]));
    }
    var page = (KvResult.Entries) run(store, new KvOperation.Scan(utf8("k"), null, 100));
    assertThat(page.entries()).hasSize(2);
    assertThat(page.more()).isTrue();
  }

  @Test
  void anAnswerToNonsenseIsTheSameEverywhere() {
    byte[] result = store.execute(new byte[] {9, 9}, context());
    assertThat(result)
        .isEqualTo(new KvResult.Refused("malformed operation: unknown operation 9").encode());
    assertThat(store.query(new KvOperation.Delete(utf8("a")).encode()))
        .isEqualTo(new KvResult.Refused("not a read").encode());
  }

  @Test
  void itsMemoryIsBounded() {
    KvStateMachine small = new KvStateMachine(200);
    assertThat(run(small, new KvOperation.Put(utf8("a"), new byte[100])))
        .isInstanceOf(KvResult.Done.class);
    KvResult full = run(small, new KvOperation.Put(utf8("b"), new byte[100]));
    assertThat(full)
        .isEqualTo(new KvResult.Refused("the store is full: its capacity is 200 bytes"));
    assertThat(run(small, new KvOperation.Put(utf8("a"), new byte[120])))
        .as("the old value makes room for the new")
        .isInstanceOf(KvResult.Done.class);
    run(small, new KvOperation.Delete(utf8("a")));
    assertThat(run(small, new KvOperation.Put(utf8("b"), new byte[100])))
        .isInstanceOf(KvResult.Done.class);
  }

  @Test
  void equalContentsHaveEqualChunksWhateverTheirHistory() {
    Random random = new Random(42);
    Map<String, String> contents = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      String key = "k" + random.nextInt(2_000);
      if (random.nextInt(3) == 0) {
        run(store, new KvOperation.Delete(utf8(key)));
        contents.remove(key);
      } else {
        put(key, "v" + i);
        contents.put(key, "v" + i);
      }
      if (i % 500 == 499) {
        assertThat(store.snapshot().root().digest()).isNotNull();
      }
    }
    KvStateMachine other = new KvStateMachine();
    List<String> keys = new ArrayList<>(contents.keySet());
    Collections.shuffle(keys, random);
    keys.forEach(key -> run(other, new KvOperation.Put(utf8(key), utf8(contents.get(key)))));
    assertSameChunks(store.snapshot(), other.snapshot());

    KvStateMachine restored = new KvStateMachine();
    run(restored, new KvOperation.Put(utf8("left over"), utf8("from another life")));
    restored.restore(store.snapshot());
    assertSameChunks(store.snapshot(), restored.snapshot());
    assertThat(restored.query(new KvOperation.Scan(utf8(""), null, 10_000).encode()))
        .isEqualTo(store.query(new KvOperation.Scan(utf8(""), null, 10_000).encode()));
  }

  @Test
  void aSnapshotStaysAsItWas() {
    put("a", "1");
    Snapshot snapshot = store.snapshot();
    byte[] then = snapshot.toBytes();
    put("a", "2");
    put("b", "1");
    assertThat(store.snapshot().toBytes()).isNotEqualTo(then);
    assertThat(snapshot.toBytes()).isEqualTo(then);
  }

  private static void assertSameChunks(Snapshot one, Snapshot other) {
    assertThat(one.root().digest()).isEqualTo(other.root().digest());
    assertThat(one.toBytes()).isEqualTo(other.toBytes());
  }

  private void put(String key, String value) {
    assertThat(run(store, new KvOperation.Put(utf8(key), utf8(value))))
        .isInstanceOf(KvResult.Done.class);
  }

  private String get(String key) {
    KvResult result = run(store, new KvOperation.Get(utf8(key)));
    return result instanceof KvResult.Value value ? KvClient.string(value.value()) : null;
  }

  private String cas(String key, String expected, String value) {
    KvResult result =
        run(
            store,
            new KvOperation.CompareAndSet(
                utf8(key), expected == null ? null : utf8(expected), utf8(value)));
    if (result instanceof KvResult.Conflict conflict) {
      byte[] current = conflict.current();
      return "CONFLICT " + (current == null ? "none" : KvClient.string(current));
    }
    return "DONE";
  }

  private static byte[] utf8(String string) {
    return KvClient.utf8(string);
  }

  private static ExecutionContext context() {
    return new ExecutionContext(1, 0, 0);
  }

  private static KvResult run(KvStateMachine machine, KvOperation operation) {
    try {
      return KvResult.decode(machine.execute(operation.encode(), context()));
    } catch (KvFormatException e) {
      throw new AssertionError(e);
    }
  }
}
