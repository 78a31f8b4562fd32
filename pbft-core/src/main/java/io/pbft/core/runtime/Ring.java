package io.pbft.core.runtime;

import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * A map from numbers that follow each other closely, timestamps of a session say, in an array as
 * long as they are apart: what a sorted map does with a search is a step here. The caller bounds
 * how far apart they are. Not thread safe.
 */
public final class Ring<V> {
  private static final int INITIAL_SLOTS = 8;
  private static final int MAX_SLOTS = 1 << 24;

  private Object[] slots = new Object[INITIAL_SLOTS];
  private int size;
  // The least and the greatest key; meaningless while empty.
  private long first;
  private long last;

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The least key; only while not empty. */
  public long firstKey() {
    if (size == 0) {
      throw new IllegalStateException("an empty ring has no first key");
    }
    return first;
  }

  /** The greatest key; only while not empty. */
  public long lastKey() {
    if (size == 0) {
      throw new IllegalStateException("an empty ring has no last key");
    }
    return last;
  }

  /** The value at the key, or null. */
  public V get(long key) {
    return size > 0 && key >= first && key <= last ? at(key) : null;
  }

  /**
   * Sets the value, not null, at the key.
   *
   * @throws IllegalArgumentException if the keys would be {@value #MAX_SLOTS} apart or more
   */
  public void put(long key, V value) {
    if (size == 0) {
      first = key;
      last = key;
    } else {
      reach(Math.min(first, key), Math.max(last, key));
    }
    int slot = slot(key);
    size += slots[slot] == null ? 1 : 0;
    slots[slot] = value;
  }

  /** Removes the value at the key, and gives it; null when there is none. */
  public V remove(long key) {
    V value = get(key);
    if (value != null) {
      slots[slot(key)] = null;
      size--;
      while (size > 0 && at(first) == null) {
        first++;
      }
      while (size > 0 && at(last) == null) {
        last--;
      }
    }
    return value;
  }

  /** Removes the value at the least key, and gives it; null when empty. */
  public V pollFirst() {
    return size == 0 ? null : remove(first);
  }

  /** All entries, by ascending key; the action must not change the ring. */
  public void forEach(BiConsumer<Long, V> action) {
    for (long key = first; size > 0 && key <= last; key++) {
      V value = at(key);
      if (value != null) {
        action.accept(key, value);
      }
    }
  }

  private void reach(long least, long greatest) {
    long span = greatest - least + 1;
    if (span <= 0 || span > MAX_SLOTS) {
      throw new IllegalArgumentException("keys from " + least + " to " + greatest);
    }
    if (span > slots.length) {
      Object[] old = slots;
      int oldMask = old.length - 1;
      slots = new Object[Integer.highestOneBit((int) span - 1) << 1];
      for (long key = first; key <= last; key++) {
        slots[slot(key)] = old[(int) key & oldMask];
      }
    }
    first = least;
    last = greatest;
  }

  @SuppressWarnings("unchecked") // Only put writes into it.
  private V at(long key) {
    return (V) slots[slot(key)];
  }

  private int slot(long key) {
    return (int) key & (slots.length - 1);
  }

  @Override
  public String toString() {
    return size + " of " + Arrays.toString(slots);
  }
}
