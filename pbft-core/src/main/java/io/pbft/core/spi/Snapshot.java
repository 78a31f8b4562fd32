package io.pbft.core.spi;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A state as it was at one moment, as a tree. Immutable; may be read from another thread than the
 * one that took it. Equal states must have equal trees at every replica.
 */
public interface Snapshot {
  /** Bytes of the leaves that {@link #of(byte[])} makes. */
  int CHUNK_BYTES = 64 * 1024;

  /** Children of the nodes that {@link #ofLeaves} makes. */
  int FANOUT = 64;

  /** The uppermost node. */
  StateNode root();

  /** A state that is one array of bytes, cut into leaves of {@link #CHUNK_BYTES}. */
  static Snapshot of(byte[] state) {
    List<byte[]> leaves = new ArrayList<>();
    for (int at = 0; at < state.length; at += CHUNK_BYTES) {
      leaves.add(Arrays.copyOfRange(state, at, Math.min(state.length, at + CHUNK_BYTES)));
    }
    return ofLeaves(leaves);
  }

  /** A state in given pieces, which become its own; none at all is one empty leaf. */
  static Snapshot ofLeaves(List<byte[]> leaves) {
    List<StateNode> level = new ArrayList<>();
    leaves.forEach(leaf -> level.add(StateNode.leaf(leaf)));
    if (level.isEmpty()) {
      level.add(StateNode.leaf(new byte[0]));
    }
    List<StateNode> top = level;
    while (top.size() > 1) {
      List<StateNode> above = new ArrayList<>();
      for (int at = 0; at < top.size(); at += FANOUT) {
        above.add(StateNode.above(top.subList(at, Math.min(top.size(), at + FANOUT))));
      }
      top = above;
    }
    StateNode root = top.get(0);
    return () -> root;
  }

  /** The content of each leaf, in order. */
  default void forEachLeaf(Consumer<byte[]> action) {
    visit(root(), action);
  }

  private static void visit(StateNode node, Consumer<byte[]> action) {
    List<StateNode> children = node.children();
    if (children.isEmpty()) {
      action.accept(node.content());
    }
    children.forEach(child -> visit(child, action));
  }

  /** The content of all leaves in one array: the inverse of {@link #of(byte[])}. */
  default byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    forEachLeaf(bytes::writeBytes);
    return bytes.toByteArray();
  }
}
