package io.pbft.core.runtime;

import java.util.Arrays;

/**
 * A sorted map from numbers, for few keys that seldom change and are often looked up: a binary
 * search in one array, nothing boxed. Adding and removing a key takes time in proportion to their
 * number. Not thread safe.
 */
public final class LongMap<V> {
  private static final int INITIAL_SLOTS = 4;

  /** What is done with an entry. */
  public interface Action<V> {
    void accept(long key, V value);
  }

  private long[] keys = new long[INITIAL_SLOTS];
  private Object[] values = new Object[INITIAL_SLOTS];
  private int size;
  // Where the last look found something: many ask for the same key in a row.
  private int latest;

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The value at the key, or null. */
  public V get(long key) {
    if (latest < size && keys[latest] == key) {
      return at(latest);
    }
    int index = Arrays.binarySearch(keys, 0, size, key);
    if (index < 0) {
      return null;
    }
    latest = index;
    return at(index);
  }

  /** Sets the value, not null, at the key. */
  public void put(long key, V value) {
    int index = Arrays.binarySearch(keys, 0, size, key);
    if (index < 0) {
      index = -index - 1;
      makeRoom();
      System.arraycopy(keys, index, keys, index + 1, size - index);
      System.arraycopy(values, index, values, index + 1, size - index);
      keys[index] = key;
      size++;
    }
    values[index] = value;
    latest = index;
  }

  /** Removes the key, and gives its value; null when there is none. */
  public V remove(long key) {
    int index = Arrays.binarySearch(keys, 0, size, key);
    if (index < 0) {
      return null;
    }
    V value = at(index);
    size--;
    System.arraycopy(keys, index + 1, keys, index, size - index);
    System.arraycopy(values, index + 1, values, index, size - index);
    values[size] = null;
    return value;
  }

  public void clear() {
    Arrays.fill(values, 0, size, null);
    size = 0;
  }

  /** All entries, by ascending key; the action must not add or remove any. */
  public void forEach(Action<? super V> action) {
    for (int i = 0; i < size; i++) {
      action.accept(keys[i], at(i));
    }
  }

  private void makeRoom() {
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
  }

  @SuppressWarnings("unchecked") // Only put writes into it.
  private V at(int index) {
    return (V) values[index];
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOf(keys, size));
  }
}
