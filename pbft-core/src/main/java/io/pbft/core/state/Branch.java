package io.pbft.core.state;

import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is above leaves: 64 slots, one for each value of the next six bits of the keys' hashes. A
 * leaf that is less deep than these six bits has several slots, side by side; a branch has one.
 */
final class Branch extends StateNode.Inner {
  static final int BITS = 6;
  private static final int SLOTS = 1 << BITS;

  private final Epoch epoch;
  private final int depth;
  private final StateNode[] slots;

  private Branch(Epoch epoch, int depth, StateNode[] slots) {
    this.epoch = epoch;
    this.depth = depth;
    this.slots = slots;
  }

  /** One that is to be {@link #fill}ed. */
  Branch(Epoch epoch, Digest digest, int depth) {
    super(digest);
    this.epoch = epoch;
    this.depth = depth;
    this.slots = new StateNode[SLOTS];
  }

  /** A branch in place of a leaf that has grown too large. */
  static Branch over(Epoch epoch, Leaf leaf) {
    Branch branch = new Branch(epoch, leaf.depth(), new StateNode[SLOTS]);
    branch.place(leaf, 0, SLOTS);
    branch.split(leaf, 0, SLOTS);
    return branch;
  }

  static byte[] hash(byte[] key) {
    return Digest.of(key).toBytes();
  }

  /** {@code count} bits of a hash, the first ones the most significant. */
  static int bits(byte[] hash, int from, int count) {
    int bits = 0;
    for (int i = from; i < from + count; i++) {
      bits = bits << 1 | (hash[i / Byte.SIZE] >> (Byte.SIZE - 1 - i % Byte.SIZE) & 1);
    }
    return bits;
  }

  /** This branch if it may be changed, else a copy that may. */
  Branch owned(Epoch now) {
    return epoch == now ? this : new Branch(now, depth, slots.clone());
  }

  StateNode slot(int slot) {
    return slots[slot];
  }

  /** Sets or removes an entry below an owned branch; what is to be in the branch's place. */
  StateNode change(Epoch now, byte[] hash, byte[] key, byte[] value) {
    int slot = bits(hash, depth, BITS);
    if (slots[slot] instanceof Branch below) {
      StateNode after = below.owned(now).change(now, hash, key, value);
      slots[slot] = after;
      return after instanceof Leaf leaf ? join(leaf, slot, 1) : this;
    }
    Leaf leaf = ((Leaf) slots[slot]).owned(now);
    int width = width(leaf);
    int from = slot & -width;
    place(leaf, from, width);
    leaf.set(key, value);
    if (leaf.overflows()) {
      split(leaf, from, width);
      return this;
    }
    return join(leaf, from, width);
  }

  /** How many slots a leaf has here. */
  private int width(Leaf leaf) {
    return 1 << (depth + BITS - leaf.depth());
  }

  private void place(StateNode part, int from, int width) {
    Arrays.fill(slots, from, from + width, part);
  }

  private void split(Leaf leaf, int from, int width) {
    if (!leaf.overflows()) {
      return;
    }
    if (width == 1) {
      slots[from] = over(epoch, leaf);
      return;
    }
    int half = width / 2;
    for (int bit = 0; bit <= 1; bit++) {
      Leaf part = leaf.half(epoch, bit);
      place(part, from + bit * half, half);
      split(part, from + bit * half, half);
    }
  }

  /** Joins a leaf with its siblings as far as they fit; the leaf alone if that is all. */
  private StateNode join(Leaf leaf, int from, int width) {
    Leaf joined = leaf;
    int at = from;
    int wide = width;
    while (wide < SLOTS
        && slots[at ^ wide] instanceof Leaf sibling
        && joined.belongsWith(sibling)) {
      joined = joined.with(sibling, epoch);
      at &= -(2 * wide);
      wide *= 2;
      place(joined, at, wide);
    }
    return wide == SLOTS ? joined : this;
  }

  /** Puts the next part in; the slot after it. */
  int fill(int from, StateNode part) {
    int width = part instanceof Leaf leaf ? widthChecked(leaf) : 1;
    if (from + width > SLOTS) {
      throw new IllegalArgumentException("a branch with too many parts");
    }
    place(part, from, width);
    return from + width;
  }

  private int widthChecked(Leaf leaf) {
    if (leaf.depth() <= depth || leaf.depth() > depth + BITS) {
      throw new IllegalArgumentException(
          "a leaf of depth " + leaf.depth() + " in a branch of depth " + depth);
    }
    return width(leaf);
  }

  void requireFull(int filled) {
    if (filled != SLOTS) {
      throw new IllegalArgumentException("a branch with " + filled + " slots filled");
    }
  }

  @Override
  public List<StateNode> children() {
    List<StateNode> parts = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      if (i == 0 || slots[i] != slots[i - 1]) {
        parts.add(slots[i]);
      }
    }
    return parts;
  }
}
