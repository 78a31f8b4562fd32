package io.pbft.core.state;

import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * Entries whose keys' hashes begin with the same {@code depth} bits, sorted by key. Content: {@code
 * depth (2)}, and for each entry {@code key length (4) | key | value length (4) | value},
 * big-endian.
 */
final class Leaf extends StateNode {
  /** A leaf with more than one entry takes at most this. */
  static final int LIMIT_BYTES = 4096;

  private static final int ENTRY_HEADER = 8;
  private static final int MAX_DEPTH = 256;

  private final Epoch epoch;
  private final int depth;
  private byte[][] keys;
  private byte[][] values;
  private int count;
  private int bytes;

  private Leaf(Epoch epoch, int depth, int room) {
    this.epoch = epoch;
    this.depth = depth;
    this.keys = new byte[room][];
    this.values = new byte[room][];
  }

  private Leaf(Epoch epoch, Digest digest, int depth, int room) {
    super(digest);
    this.epoch = epoch;
    this.depth = depth;
    this.keys = new byte[room][];
    this.values = new byte[room][];
  }

  static Leaf empty(Epoch epoch, int depth) {
    return new Leaf(epoch, depth, 2);
  }

  int depth() {
    return depth;
  }

  /** This leaf if it may be changed, else a copy that may. */
  Leaf owned(Epoch now) {
    if (epoch == now) {
      return this;
    }
    Leaf copy = new Leaf(now, depth, count + 1);
    System.arraycopy(keys, 0, copy.keys, 0, count);
    System.arraycopy(values, 0, copy.values, 0, count);
    copy.count = count;
    copy.bytes = bytes;
    return copy;
  }

  /** Empty leaves are alike, so one may be found for another: then it must be one of its own. */
  Leaf unshared(Epoch now) {
    return count == 0 ? empty(now, depth) : this;
  }

  /**
   * Sets or removes an entry.
   *
   * @param value null to remove
   */
  void set(byte[] key, byte[] value) {
    int at = Arrays.binarySearch(keys, 0, count, key, Arrays::compareUnsigned);
    if (at >= 0) {
      bytes -= size(keys[at], values[at]);
    }
    if (value == null) {
      if (at >= 0) {
        shift(at + 1, at);
        count--;
        keys[count] = null;
        values[count] = null;
      }
      return;
    }
    if (at < 0) {
      at = -at - 1;
      makeRoom();
      shift(at, at + 1);
      count++;
      keys[at] = key;
    }
    values[at] = value;
    bytes += size(key, value);
  }

  private void makeRoom() {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, count + count / 2 + 1);
      values = Arrays.copyOf(values, keys.length);
    }
  }

  private void shift(int from, int to) {
    System.arraycopy(keys, from, keys, to, count - from);
    System.arraycopy(values, from, values, to, count - from);
  }

  private static int size(byte[] key, byte[] value) {
    return ENTRY_HEADER + key.length + value.length;
  }

  private void append(byte[] key, byte[] value) {
    makeRoom();
    keys[count] = key;
    values[count] = value;
    count++;
    bytes += size(key, value);
  }

  boolean overflows() {
    return count > 1 && bytes > LIMIT_BYTES;
  }

  /** Whether this and its sibling are too little for two leaves. */
  boolean belongsWith(Leaf sibling) {
    int together = count + sibling.count;
    return depth == sibling.depth && (together <= 1 || bytes + sibling.bytes <= LIMIT_BYTES);
  }

  /** The entries whose keys' next bit is as given. */
  Leaf half(Epoch now, int bit) {
    Leaf half = new Leaf(now, depth + 1, Math.max(2, count / 2));
    for (int i = 0; i < count; i++) {
      if (Branch.bits(Branch.hash(keys[i]), depth, 1) == bit) {
        half.append(keys[i], values[i]);
      }
    }
    return half;
  }

  /** The entries of both, as one leaf. */
  Leaf with(Leaf sibling, Epoch now) {
    Leaf both = new Leaf(now, depth - 1, count + sibling.count + 1);
    int left = 0;
    int right = 0;
    while (left < count || right < sibling.count) {
      boolean fromLeft =
          right == sibling.count
              || (left < count && Arrays.compareUnsigned(keys[left], sibling.keys[right]) < 0);
      if (fromLeft) {
        both.append(keys[left], values[left]);
        left++;
      } else {
        both.append(sibling.keys[right], sibling.values[right]);
        right++;
      }
    }
    return both;
  }

  /** Each key with its value, ascending. */
  void forEach(BiConsumer<byte[], byte[]> action) {
    for (int i = 0; i < count; i++) {
      action.accept(keys[i], values[i]);
    }
  }

  @Override
  public byte[] content() {
    ByteBuffer content = ByteBuffer.allocate(Short.BYTES + bytes).putShort((short) depth);
    for (int i = 0; i < count; i++) {
      content.putInt(keys[i].length).put(keys[i]).putInt(values[i].length).put(values[i]);
    }
    return content.array();
  }

  static Leaf decode(Epoch epoch, Digest digest, byte[] content) {
    try {
      ByteBuffer in = ByteBuffer.wrap(content);
      int depth = in.getShort();
      if (depth < 0 || depth > MAX_DEPTH) {
        throw new IllegalArgumentException("a leaf of depth " + depth);
      }
      Leaf leaf = new Leaf(epoch, digest, depth, 2);
      while (in.hasRemaining()) {
        leaf.append(sized(in), sized(in));
      }
      return leaf;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a leaf that ends too early", e);
    }
  }

  private static byte[] sized(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a leaf that ends too early");
    }
    byte[] value = new byte[length];
    in.get(value);
    return value;
  }
}
