package io.pbft.bench;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.examples.kv.KvOperation;
import io.pbft.examples.kv.KvStateMachine;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Numbered entries that fill a store to a size, and puts that replace random ones. */
public final class Entries {
  /** Large enough that the store's own limit does not matter here. */
  private static final long CAPACITY_BYTES = 8L * 1024 * 1024 * 1024;

  private final int count;
  private final int valueBytes;

  public Entries(int megabytes, int valueBytes) {
    this.valueBytes = valueBytes;
    this.count = (int) (megabytes * 1_000_000L / (valueBytes + key(0).length));
  }

  int count() {
    return count;
  }

  static KvStateMachine emptyStore() {
    return new KvStateMachine(CAPACITY_BYTES);
  }

  /** A store with all entries, the same at each call. */
  public KvStateMachine filledStore() {
    KvStateMachine store = emptyStore();
    SplittableRandom random = new SplittableRandom(1);
    ExecutionContext context = new ExecutionContext(1, 0, 0);
    for (int i = 0; i < count; i++) {
      store.execute(put(i, random).encode(), context);
    }
    return store;
  }

  /** A put that replaces one of the entries, all equally likely. */
  public KvOperation randomPut(SplittableRandom random) {
    return put(random.nextInt(count), random);
  }

  private KvOperation put(int number, SplittableRandom random) {
    byte[] value = new byte[valueBytes];
    random.nextBytes(value);
    return new KvOperation.Put(key(number), value);
  }

  private static byte[] key(int number) {
    return String.format("entry/%010d", number).getBytes(StandardCharsets.US_ASCII);
  }
}
