package io.pbft.examples.kv;

import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.state.StateMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The replicated store: a sorted map in memory, bounded in bytes, whose snapshots take no time
 * whatever its size ({@link StateMap}).
 *
 * <p>Every byte string that is no operation gets a {@link KvResult.Refused}: nothing that a client
 * sends makes this throw. Like every state machine it is called from one thread.
 */
public final class KvStateMachine implements StateMachine {
  /** What the entries may take in all, see {@link #KvStateMachine(long)}. */
  public static final long DEFAULT_CAPACITY_BYTES = 256L * 1024 * 1024;

  /** Charged for each entry beyond its key and value. */
  static final int ENTRY_OVERHEAD = 64;

  /** A scan's answer ends once its entries are this long. */
  private static final int SCAN_BYTES = 256 * 1024;

  private final long capacity;
  private final StateMap entries = new StateMap();

  public KvStateMachine() {
    this(DEFAULT_CAPACITY_BYTES);
  }

  /**
   * @param capacityBytes the sum over all entries of key, value and 64 bytes; what would exceed it
   *     is refused. Must be the same at all replicas, since results depend on it.
   */
  public KvStateMachine(long capacityBytes) {
    this.capacity = capacityBytes;
  }

  @Override
  public byte[] execute(byte[] operation, ExecutionContext context) {
    KvResult result;
    try {
      result = apply(KvOperation.decode(operation));
    } catch (KvFormatException malformed) {
      result = refuse(malformed);
    }
    return result.encode();
  }

  @Override
  public byte[] query(byte[] operation) {
    KvResult result;
    try {
      KvOperation read = KvOperation.decode(operation);
      result = read.readOnly() ? apply(read) : new KvResult.Refused("not a read");
    } catch (KvFormatException malformed) {
      result = refuse(malformed);
    }
    return result.encode();
  }

  private static KvResult refuse(KvFormatException malformed) {
    return new KvResult.Refused("malformed operation: " + malformed.getMessage());
  }

  private KvResult apply(KvOperation operation) {
    if (operation instanceof KvOperation.Put put) {
      // What it replaces matters only when there may be no room: mostly one search less.
      boolean fits = used() + cost(put.key(), put.value()) <= capacity;
      return set(put.key(), fits ? null : entries.get(put.key()), put.value());
    } else if (operation instanceof KvOperation.Get get) {
      byte[] value = entries.get(get.key());
      return value == null ? new KvResult.None() : new KvResult.Value(value);
    } else if (operation instanceof KvOperation.Delete delete) {
      return remove(delete.key());
    } else if (operation instanceof KvOperation.CompareAndSet cas) {
      byte[] current = entries.get(cas.key());
      return Arrays.equals(current, cas.expected())
          ? set(cas.key(), current, cas.value())
          : new KvResult.Conflict(current);
    }
    return scan((KvOperation.Scan) operation);
  }

  private KvResult set(byte[] key, byte[] current, byte[] value) {
    long after = used() - cost(key, current) + cost(key, value);
    if (after > capacity) {
      return new KvResult.Refused("the store is full: its capacity is " + capacity + " bytes");
    }
    entries.put(key, value);
    return new KvResult.Done();
  }

  private KvResult remove(byte[] key) {
    byte[] gone = entries.remove(key);
    if (gone == null) {
      return new KvResult.None();
    }
    return new KvResult.Done();
  }

  private long used() {
    return entries.bytes() + (long) ENTRY_OVERHEAD * entries.size();
  }

  private static long cost(byte[] key, byte[] value) {
    return value == null ? 0 : (long) key.length + value.length + ENTRY_OVERHEAD;
  }

  private KvResult scan(KvOperation.Scan scan) {
    int limit = Math.min(scan.limit(), KvOperation.MAX_SCAN_ENTRIES);
    List<KvResult.Entry> found = new ArrayList<>();
    int bytes = 0;
    for (Map.Entry<byte[], byte[]> entry : from(scan).entrySet()) {
      byte[] key = entry.getKey();
      if (!startsWith(key, scan.prefix())) {
        break;
      }
      if (found.size() == limit || bytes >= SCAN_BYTES) {
        return new KvResult.Entries(found, true);
      }
      found.add(new KvResult.Entry(key, entry.getValue()));
      bytes += key.length + entry.getValue().length;
    }
    return new KvResult.Entries(found, false);
  }

  private NavigableMap<byte[], byte[]> from(KvOperation.Scan scan) {
    boolean later =
        scan.after() != null && Arrays.compareUnsigned(scan.after(), scan.prefix()) >= 0;
    NavigableMap<byte[], byte[]> sorted = entries.entries();
    return later ? sorted.tailMap(scan.after(), false) : sorted.tailMap(scan.prefix(), true);
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public Snapshot snapshot() {
    return entries.snapshot();
  }

  @Override
  public void restore(Snapshot snapshot) {
    entries.restore(snapshot);
  }
}
