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

/**
 * The chunks of some snapshots, each once, with a count of who needs it: what is added or let go
 * costs as much as the difference. For implementers of {@link io.pbft.core.spi.SnapshotStore}.
 * Thread safe; a snapshot is taken in by one thread at a time: what {@link #absent} finds, {@link
 * #add}, and {@link #hold} for the uppermost.
 *
 * @param <P> where a chunk is
 */
public final class ChunkGraph<P> {
  /** One that is here. */
  private static final class Chunk<P> {
    private final ChunkGraph<P> graph;
    private final Digest name;
    private List<Chunk<P>> below;
    private P place;
    private int needed;
    private boolean gone;

    Chunk(ChunkGraph<P> graph, Digest name, List<Chunk<P>> below, P place) {
      this.graph = graph;
      this.name = name;
      this.below = below;
      this.place = place;
    }
  }

  /** A node whose chunk is not here. Of those right below it, what is here is needed by it. */
  public static final class Absent<P> {
    private final StateNode node;
    private final List<StateNode> parts;
    // Null where the part is absent, too.
    private final List<Chunk<P>> here;

    Absent(StateNode node, List<StateNode> parts, List<Chunk<P>> here) {
      this.node = node;
      this.parts = parts;
      this.here = here;
    }

    public StateNode node() {
      return node;
    }
  }

  private final Map<Digest, Chunk<P>> chunks = new HashMap<>();
  private final ArrayDeque<Chunk<P>> released = new ArrayDeque<>();

  /** Where a chunk is, or null. One that is here has all below it here. */
  public synchronized P place(Digest name) {
    Chunk<P> chunk = chunks.get(name);
    return chunk == null ? null : chunk.place;
  }

  /**
   * The nodes of a tree whose chunks are not here, each after those below it; what they share with
   * those that are here stays. If the uppermost is here, then nothing is absent, and it is held.
   * Hashes what has not been hashed.
   */
  public Map<Digest, Absent<P>> absent(StateNode root) {
    Map<Digest, Absent<P>> found = new LinkedHashMap<>();
    if (claim(List.of(root)).get(0) == null) {
      collect(root, found);
    }
    return found;
  }

  private void collect(StateNode node, Map<Digest, Absent<P>> found) {
    List<StateNode> parts = node.children();
    List<Chunk<P>> here = parts.isEmpty() ? List.of() : claim(parts);
    for (int i = 0; i < here.size(); i++) {
      if (here.get(i) == null && !found.containsKey(parts.get(i).digest())) {
        collect(parts.get(i), found);
      }
    }
    found.put(node.digest(), new Absent<>(node, parts, here));
  }

  /** Of each node the chunk, needed once more from now on; null for one that is not here. */
  private synchronized List<Chunk<P>> claim(List<StateNode> nodes) {
    List<Chunk<P>> claimed = new ArrayList<>(nodes.size());
    for (StateNode node : nodes) {
      Chunk<P> chunk = find(node);
      if (chunk != null) {
        chunk.needed++;
      }
      claimed.add(chunk);
    }
    return claimed;
  }

  /** Most nodes have been seen before, and know their chunk: that saves looking for it. */
  @SuppressWarnings("unchecked")
  private Chunk<P> find(StateNode node) {
    if (node.noted() instanceof Chunk<?> known && known.graph == this && !known.gone) {
      return (Chunk<P>) known;
    }
    Chunk<P> chunk = chunks.get(node.digest());
    if (chunk != null) {
      node.note(chunk);
    }
    return chunk;
  }

  /** A chunk that was absent is here now, as are those below it; nobody needs it yet. */
  public synchronized void add(Absent<P> absent, P place) {
    List<Chunk<P>> below = absent.here;
    for (int i = 0; i < below.size(); i++) {
      if (below.get(i) == null) {
        Chunk<P> part = find(absent.parts.get(i));
        part.needed++;
        below.set(i, part);
      }
    }
    Digest name = absent.node.digest();
    chunks.put(name, new Chunk<>(this, name, below, place));
  }

  /** Adds a chunk whose children are here; nobody needs it yet. */
  public synchronized void add(Digest name, List<Digest> children, P place) {
    List<Chunk<P>> below = new ArrayList<>(children.size());
    for (Digest child : children) {
      Chunk<P> part = chunks.get(child);
      part.needed++;
      below.add(part);
    }
    chunks.put(name, new Chunk<>(this, name, below, place));
  }

  /** A chunk that is here has gone elsewhere. */
  public synchronized void move(Digest name, P place) {
    chunks.get(name).place = place;
  }

  /** Somebody needs a chunk that is here. */
  public synchronized void hold(Digest name) {
    chunks.get(name).needed++;
  }

  /** Somebody needs a chunk no longer; {@link #sweep} removes what nobody needs. */
  public synchronized void release(Digest name) {
    released.push(chunks.get(name));
  }

  /**
   * Removes chunks that nobody needs.
   *
   * @param limit looks at so many at most
   * @param gone hears of the places
   * @return whether there are more to look at
   */
  public synchronized boolean sweep(int limit, Consumer<P> gone) {
    for (int i = 0; i < limit && !released.isEmpty(); i++) {
      Chunk<P> next = released.pop();
      if (--next.needed == 0) {
        chunks.remove(next.name);
        gone.accept(next.place);
        next.below.forEach(released::push);
        next.below = List.of();
        next.gone = true;
      }
    }
    return !released.isEmpty();
  }

  /**
   * Of some chunks and all below them, those that are not here.
   *
   * @param elsewhere the children of a chunk that is kept elsewhere, null for one that is not
   */
  public synchronized List<Digest> missing(
      List<Digest> roots, Function<Digest, List<Digest>> elsewhere) {
    ArrayDeque<Digest> open = new ArrayDeque<>(roots);
    Set<Digest> seen = new HashSet<>();
    List<Digest> missing = new ArrayList<>();
    while (!open.isEmpty()) {
      Digest next = open.pop();
      if (chunks.containsKey(next) || !seen.add(next)) {
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
