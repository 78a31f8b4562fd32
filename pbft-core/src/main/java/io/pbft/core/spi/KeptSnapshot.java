package io.pbft.core.spi;

import io.pbft.core.message.ChunkTree;
import io.pbft.crypto.Digest;
import java.util.List;

/** A snapshot at a checkpoint, with what belongs to it. Immutable. */
public final class KeptSnapshot {
  private final long sequence;
  private final byte[] meta;
  private final Snapshot state;
  private final StateNode root;

  /**
   * A new one.
   *
   * @param sequence the checkpoint's sequence number
   * @param meta the replica's own replicated data at the checkpoint; shared, not to be modified
   * @param state the application's state
   */
  public KeptSnapshot(long sequence, byte[] meta, Snapshot state) {
    this(sequence, meta, state, new Root(sequence, Snapshot.of(meta).root(), state.root()));
  }

  private KeptSnapshot(long sequence, byte[] meta, Snapshot state, StateNode root) {
    this.sequence = sequence;
    this.meta = meta;
    this.state = state;
    this.root = root;
  }

  /** One whose chunks are kept somewhere. Reads those of {@link #meta}. */
  public static KeptSnapshot stored(long sequence, StateNode root) {
    List<StateNode> parts = root.children();
    Snapshot meta = () -> parts.get(0);
    return new KeptSnapshot(sequence, meta.toBytes(), () -> parts.get(1), root);
  }

  public long sequence() {
    return sequence;
  }

  public byte[] meta() {
    return meta;
  }

  public Snapshot state() {
    return state;
  }

  /** The uppermost node, above {@link #meta} and {@link #state}. */
  public StateNode root() {
    return root;
  }

  /** What a CHECKPOINT signs. Costs hashing what has not been hashed yet. */
  public Digest digest() {
    return root.digest();
  }

  private static final class Root extends StateNode.Inner {
    private final long sequence;
    private final StateNode meta;
    private final StateNode state;

    Root(long sequence, StateNode meta, StateNode state) {
      this.sequence = sequence;
      this.meta = meta;
      this.state = state;
    }

    @Override
    public List<StateNode> children() {
      return List.of(meta, state);
    }

    @Override
    public byte[] chunk() {
      return ChunkTree.root(sequence, meta.digest(), state.digest());
    }
  }
}
