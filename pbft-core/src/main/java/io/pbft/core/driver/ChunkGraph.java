package io.pbft.core.driver;

import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The chunks of some snapshots, each once, with a count of who needs it: what is added or let go
 * costs as much as the difference. For implementers of {@link io.pbft.core.spi.SnapshotStore}; not
 * thread safe.
 *
 * @param <P> where a chunk is
 */
public final class ChunkGraph<P> {
  private static final class Node<P> {
    private final List<Digest> children;
    private P place;
    private int needed;

    Node(List<Digest> children, P place) {
      this.children = children;
      this.place = place;
    }
  }

  private final Map<Digest, Node<P>> nodes = new HashMap<>();
  private final ArrayDeque<Digest> released = new ArrayDeque<>();

  /** Where a chunk is, or null. One that is here has all below it here. */
  public P place(Digest name) {
    Node<P> node = nodes.get(name);
    return node == null ? null : node.place;
  }

  public int size() {
    return nodes.size();
  }

  /** The names below a chunk that is here. */
  public List<Digest> children(Digest name) {
    return nodes.get(name).children;
  }

  /** Adds a chunk whose children are here; nobody needs it yet. */
  public void add(Digest name, List<Digest> children, P place) {
    for (Digest child : children) {
      nodes.get(child).needed++;
    }
    nodes.put(name, new Node<>(List.copyOf(children), place));
  }

  /** A chunk that is here has gone elsewhere. */
  public void move(Digest name, P place) {
    nodes.get(name).place = place;
  }

  /** Somebody needs a chunk that is here. */
  public void hold(Digest name) {
    nodes.get(name).needed++;
  }

  /** Somebody needs a chunk no longer; {@link #sweep} removes what nobody needs. */
  public void release(Digest name) {
    released.push(name);
  }

  /**
   * Removes chunks that nobody needs.
   *
   * @param limit looks at so many at most
   * @param gone hears of the places
   * @return whether there are more to look at
   */
  public boolean sweep(int limit, Consumer<P> gone) {
    for (int i = 0; i < limit && !released.isEmpty(); i++) {
      Digest next = released.pop();
      Node<P> node = nodes.get(next);
      if (--node.needed == 0) {
        nodes.remove(next);
        gone.accept(node.place);
        node.children.forEach(released::push);
      }
    }
    return !released.isEmpty();
  }

  /**
   * The nodes of a tree whose chunks are not here, each after those below it. Hashes what has not
   * been hashed.
   */
  public static Map<Digest, StateNode> absent(StateNode root, Predicate<Digest> here) {
    Map<Digest, StateNode> found = new LinkedHashMap<>();
    collect(root, here, found);
    return found;
  }

  private static void collect(
      StateNode node, Predicate<Digest> here, Map<Digest, StateNode> found) {
    Digest name = node.digest();
    if (!found.containsKey(name) && !here.test(name)) {
      node.children().forEach(child -> collect(child, here, found));
      found.put(name, node);
    }
  }

  /**
   * Of some chunks and all below them, those that are not here.
   *
   * @param elsewhere the children of a chunk that is kept elsewhere, null for one that is not
   */
  public List<Digest> missing(List<Digest> roots, Function<Digest, List<Digest>> elsewhere) {
    ArrayDeque<Digest> open = new ArrayDeque<>(roots);
    Set<Digest> seen = new HashSet<>();
    List<Digest> missing = new ArrayList<>();
    while (!open.isEmpty()) {
      Digest next = open.pop();
      if (nodes.containsKey(next) || !seen.add(next)) {
        continue;
      }
      List<Digest> children = elsewhere.apply(next);
      if (children == null) {
        missing.add(next);
      } else {
        children.forEach(open::push);
      }
    }
    return missing;
  }
}
