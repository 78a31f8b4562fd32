package io.pbft.core.spi;

import io.pbft.core.message.ChunkTree;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A part of a state: a leaf, which has content, or what is above other parts. Immutable once it is
 * reachable from a {@link Snapshot}: it is read from other threads while operations execute.
 *
 * <p>States that share nodes share their cost: a node's digest is computed once, and a node that a
 * snapshot store has seen is neither hashed nor written nor sent again. So a state machine with a
 * big state keeps its data in nodes, replaces only those on the way to what an operation changes,
 * and a checkpoint costs what has changed since the one before.
 *
 * <p>The tree must follow from the contents alone, not from the history: replicas whose states are
 * equal but whose trees differ would take each other for diverged.
 */
public abstract class StateNode {
  // Written by whoever needs it first; a digest is immutable, so a race costs time only.
  private Digest digest;
  private Object noted;

  protected StateNode() {}

  /** A node whose digest is known. */
  protected StateNode(Digest digest) {
    this.digest = digest;
  }

  /** The parts below, in order, at most {@link ChunkTree#MAX_CHILDREN}; none for a leaf. */
  public List<StateNode> children() {
    return List.of();
  }

  /**
   * A leaf's bytes, at most {@link ChunkTree#MAX_LEAF_BYTES}; a few KiB make changes cheap. Not
   * called for other nodes.
   */
  public abstract byte[] content();

  /** What is stored and sent: this node's own bytes, and the names of those below. */
  public byte[] chunk() {
    List<StateNode> below = children();
    return below.isEmpty()
        ? ChunkTree.leaf(content())
        : ChunkTree.inner(below.stream().map(StateNode::digest).toList());
  }

  /** The name of the chunk; covers all below. Costs hashing what has not been hashed yet. */
  public final Digest digest() {
    Digest known = digest;
    if (known == null) {
      known = ChunkTree.digest(chunk());
      digest = known;
    }
    return known;
  }

  /** What a snapshot store has noted here, so that it need not look for it; null at first. */
  public final Object noted() {
    return noted;
  }

  /** For snapshot stores, one thread at a time; what another store has noted is lost. */
  public final void note(Object what) {
    noted = what;
  }

  /** A leaf; the bytes become its own. */
  public static StateNode leaf(byte[] content) {
    return new StateNode() {
      @Override
      public byte[] content() {
        return content;
      }
    };
  }

  /** What is above some nodes, at least one. */
  public static StateNode above(List<StateNode> children) {
    List<StateNode> all = List.copyOf(children);
    return new Inner() {
      @Override
      public List<StateNode> children() {
        return all;
      }
    };
  }

  /**
   * A node whose chunk is kept elsewhere and read each time that it is asked for.
   *
   * @param source chunks by their names; what it throws is thrown on
   */
  public static StateNode stored(Digest name, Function<Digest, byte[]> source) {
    return new Stored(name, source);
  }

  /** A node that has nodes below it. */
  public abstract static class Inner extends StateNode {
    protected Inner() {}

    /** One whose digest is known. */
    protected Inner(Digest digest) {
      super(digest);
    }

    @Override
    public abstract List<StateNode> children();

    @Override
    public final byte[] content() {
      throw new IllegalStateException("only a leaf has content");
    }
  }

  private static final class Stored extends StateNode {
    private final Digest name;
    private final Function<Digest, byte[]> source;

    Stored(Digest name, Function<Digest, byte[]> source) {
      super(name);
      this.name = name;
      this.source = source;
    }

    @Override
    public byte[] chunk() {
      return source.apply(name);
    }

    @Override
    public List<StateNode> children() {
      List<StateNode> below = new ArrayList<>();
      for (Digest child : ChunkTree.children(chunk())) {
        below.add(new Stored(child, source));
      }
      return below;
    }

    @Override
    public byte[] content() {
      return ChunkTree.content(chunk());
    }
  }
}
