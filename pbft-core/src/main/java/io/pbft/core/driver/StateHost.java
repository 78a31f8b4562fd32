package io.pbft.core.driver;

import io.pbft.core.message.ChunkTree;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateMachine;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * The application's state as a whole: snapshots at checkpoints, and the state that is being fetched
 * from others. A state machine that fails here leaves nothing to vote on: its exception stops the
 * replica. One thread.
 */
public final class StateHost {
  private final StateMachine machine;
  private final SnapshotStore store;
  private final TreeSet<Long> taken = new TreeSet<>();
  private boolean staging;

  public StateHost(StateMachine machine, SnapshotStore store) {
    this.machine = machine;
    this.store = store;
  }

  /** Takes a snapshot, which the store hashes and keeps in its own time. */
  public void take(long sequence, byte[] meta) {
    taken.add(sequence);
    store.put(new KeptSnapshot(sequence, meta, machine.snapshot()));
  }

  /**
   * Tells of the snapshots taken that have become durable since the last time, ascending. Those
   * that were overtaken by a newer one before they were are passed over.
   *
   * @return whether there were any
   */
  public boolean announce(BiConsumer<Long, Digest> listener) {
    List<Long> durable =
        taken.stream().filter(sequence -> store.durable(sequence) != null).toList();
    for (long sequence : durable) {
      taken.remove(sequence);
      listener.accept(sequence, store.durable(sequence));
    }
    if (!durable.isEmpty()) {
      taken.headSet(durable.get(durable.size() - 1)).clear();
    }
    return !durable.isEmpty();
  }

  /** Whether the kept snapshot at a sequence number survives the process. */
  public boolean isDurable(long sequence) {
    return store.durable(sequence) != null;
  }

  /** A kept snapshot, or null. */
  public KeptSnapshot kept(long sequence) {
    return store.get(sequence);
  }

  /** Replaces the state by a snapshot of an earlier life. */
  public void restore(long sequence) {
    KeptSnapshot kept = store.get(sequence);
    if (kept == null) {
      throw new IllegalStateException("the snapshot at " + sequence + " is gone");
    }
    machine.restore(kept.state());
  }

  /** Begins to gather a state. What is not here of it, as far as that is known. */
  public List<Digest> seek(Digest root) {
    staging = true;
    return store.missing(List.of(root));
  }

  /** Keeps verified chunks. What is not here of what is below them. */
  public List<Digest> stage(List<byte[]> chunks) {
    store.stage(chunks);
    List<Digest> below = new ArrayList<>();
    chunks.forEach(chunk -> below.addAll(ChunkTree.children(chunk)));
    return store.missing(below);
  }

  /** Makes the gathered state the application's, and keeps it as a snapshot; its meta. */
  public byte[] install(long sequence, Digest root) {
    KeptSnapshot complete = store.staged(sequence, root);
    machine.restore(complete.state());
    taken.clear();
    store.put(complete);
    return complete.meta();
  }

  /** What was gathered is no longer needed. */
  public void unstage() {
    staging = false;
    store.unstage();
  }

  /** Forgets snapshots, but not while chunks of them may be part of a state being gathered. */
  public void discard(long stable, Collection<Long> besides) {
    if (!staging) {
      store.discardBelow(stable, besides);
    }
  }
}
