package io.pbft.core.state;

import io.pbft.core.message.ChunkTree;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A sorted map of byte strings whose snapshot takes constant time, whatever its size: the state of
 * a key-value service.
 *
 * <p>Entries lie in leaves of at most {@value Leaf#LIMIT_BYTES} bytes (more only for a single
 * longer entry), by the SHA-256 of their keys: a leaf holds all keys whose hash begins with certain
 * bits, and is split when it grows beyond the limit, joined with its sibling when both fit into
 * one. So the tree follows from the contents alone, no choice of keys can unbalance it, and a
 * change touches one leaf and the few nodes above it. What a snapshot has seen is copied before it
 * is changed, at most once for each snapshot; hashing and encoding are left to who reads the
 * snapshot, from any thread.
 *
 * <p>Besides, a sorted index of all entries serves lookups and ranges; it belongs to no snapshot.
 * Keys and values are not copied: they must not be modified once they are in. One thread.
 */
public final class StateMap {
  private final NavigableMap<byte[], byte[]> index = new TreeMap<>(Arrays::compareUnsigned);
  private Epoch epoch = new Epoch();
  private StateNode root = Leaf.empty(epoch, 0);
  private long bytes;

  public int size() {
    return index.size();
  }

  /** The bytes of all keys and values. */
  public long bytes() {
    return bytes;
  }

  /** The value of a key, or null. */
  public byte[] get(byte[] key) {
    return index.get(key);
  }

  /** The entries in the order of their keys, unsigned; a live view that can't be modified. */
  public NavigableMap<byte[], byte[]> entries() {
    return Collections.unmodifiableNavigableMap(index);
  }

  /** Sets a value; the one before, or null. */
  public byte[] put(byte[] key, byte[] value) {
    byte[] before = index.put(key, value);
    bytes += value.length + (before == null ? key.length : -before.length);
    // Where the key is there, index and leaf keep the array that they share.
    root = change(key, value);
    return before;
  }

  /** Removes a key; its value, or null if it was not there. */
  public byte[] remove(byte[] key) {
    byte[] before = index.remove(key);
    if (before != null) {
      bytes -= key.length + before.length;
      root = change(key, null);
    }
    return before;
  }

  private StateNode change(byte[] key, byte[] value) {
    byte[] hash = Branch.hash(key);
    if (root instanceof Branch branch) {
      return branch.owned(epoch).change(epoch, hash, key, value);
    }
    Leaf leaf = ((Leaf) root).owned(epoch);
    leaf.set(key, value);
    return leaf.overflows() ? Branch.over(epoch, leaf) : leaf;
  }

  /** The map as it is now. Constant time. */
  public Snapshot snapshot() {
    epoch = new Epoch();
    StateNode frozen = root;
    return () -> frozen;
  }

  /**
   * Becomes what a snapshot of such a map says. Costs what differs from the present contents.
   *
   * @throws IllegalArgumentException if it is no snapshot of such a map; the contents are then
   *     undefined
   */
  public void restore(Snapshot snapshot) {
    // Nodes whose digests are asked for below must not change any more.
    epoch = new Epoch();
    Takeover takeover = new Takeover();
    root = takeover.take(snapshot.root(), root, 0);
    // And these have the digests they came with.
    epoch = new Epoch();
    takeover.dropped.forEach(leaf -> leaf.forEach(this::forget));
    takeover.added.forEach(leaf -> leaf.forEach(this::note));
  }

  private void forget(byte[] key, byte[] value) {
    index.remove(key);
    bytes -= key.length + value.length;
  }

  private void note(byte[] key, byte[] value) {
    index.put(key, value);
    bytes += key.length + value.length;
  }

  /** Walks a tree to be taken over beside the present one, keeping the parts that are equal. */
  private final class Takeover {
    private final List<Leaf> dropped = new ArrayList<>();
    private final List<Leaf> added = new ArrayList<>();

    StateNode take(StateNode wanted, StateNode present, int depth) {
      if (present != null && wanted.digest().equals(present.digest())) {
        return present;
      }
      byte[] chunk = wanted.chunk();
      if (ChunkTree.isLeaf(chunk)) {
        drop(present);
        Leaf leaf = Leaf.decode(epoch, wanted.digest(), ChunkTree.content(chunk));
        added.add(leaf);
        return leaf;
      }
      return takeBranch(wanted, present, depth);
    }

    private Branch takeBranch(StateNode wanted, StateNode present, int depth) {
      Branch before = present instanceof Branch branch ? branch : null;
      TreeMap<Digest, StateNode> here = new TreeMap<>();
      if (before == null) {
        drop(present);
      } else {
        before.children().forEach(child -> here.put(child.digest(), child));
      }
      Branch branch = new Branch(epoch, wanted.digest(), depth);
      List<StateNode> kept = new ArrayList<>();
      int slot = 0;
      for (StateNode child : wanted.children()) {
        StateNode part = here.get(child.digest());
        if (part == null) {
          StateNode counterpart = before == null ? null : before.slot(slot);
          StateNode paired = counterpart instanceof Branch ? counterpart : null;
          boolean leaf = ChunkTree.isLeaf(child.chunk());
          part = take(child, leaf ? null : paired, depth + Branch.BITS);
          if (!leaf && paired != null) {
            kept.add(paired);
          }
        } else {
          kept.add(part);
          part = part instanceof Leaf leaf ? leaf.unshared(epoch) : part;
        }
        slot = branch.fill(slot, part);
      }
      branch.requireFull(slot);
      here.values().stream()
          .filter(child -> kept.stream().noneMatch(k -> k == child))
          .forEach(this::drop);
      return branch;
    }

    private void drop(StateNode part) {
      if (part instanceof Leaf leaf) {
        dropped.add(leaf);
      } else if (part != null) {
        part.children().forEach(this::drop);
      }
    }
  }
}
