package io.pbft.core.driver;

import io.pbft.core.message.Manifest;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The application's state as a whole: snapshots at checkpoints, and the state that is being fetched
 * from others. A state machine that fails here leaves nothing to vote on: its exception stops the
 * replica. Owner thread only.
 */
final class StateHost {
  private static final int MAX_CHUNK_BYTES = 16 * Snapshot.CHUNK_BYTES;

  private final StateMachine machine;
  private final SnapshotStore store;
  private StagedState staged;

  StateHost(StateMachine machine, SnapshotStore store) {
    this.machine = machine;
    this.store = store;
  }

  /** Takes and keeps a snapshot; its root digest. */
  Digest take(long sequence, byte[] meta) {
    Snapshot state = machine.snapshot();
    int chunks = state.chunks();
    List<Digest> leaves = new ArrayList<>(chunks);
    for (int i = 0; i < chunks; i++) {
      byte[] chunk = state.chunk(i);
      if (chunk.length > MAX_CHUNK_BYTES) {
        throw new IllegalStateException(
            "chunk "
                + i
                + " of the snapshot has "
                + chunk.length
                + " bytes, more than "
                + MAX_CHUNK_BYTES);
      }
      leaves.add(ChunkTree.leaf(chunk));
    }
    store.put(new KeptSnapshot(sequence, meta, leaves, state));
    return ChunkTree.root(leaves);
  }

  /** A kept snapshot, or null. */
  KeptSnapshot kept(long sequence) {
    return store.get(sequence);
  }

  /** Replaces the state by a snapshot of an earlier life. */
  void restore(long sequence) {
    KeptSnapshot kept = store.get(sequence);
    if (kept == null) {
      throw new IllegalStateException("the snapshot at " + sequence + " is gone");
    }
    machine.restore(kept.state());
  }

  /**
   * Begins to gather a state, in place of one begun before. Chunks that the newest kept snapshot
   * has anywhere are taken from there.
   *
   * @return the indexes of the others, ascending
   */
  List<Integer> stage(Manifest manifest) {
    Map<Digest, Integer> here = new HashMap<>();
    KeptSnapshot newest = store.newest();
    if (newest != null) {
      for (int i = 0; i < newest.leaves().size(); i++) {
        here.putIfAbsent(newest.leaves().get(i), i);
      }
    }
    staged = new StagedState(manifest);
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < manifest.chunks().size(); i++) {
      Integer local = here.get(manifest.chunks().get(i));
      if (local == null) {
        missing.add(i);
      } else {
        staged.put(i, newest.state().chunk(local));
      }
    }
    return missing;
  }

  /** Keeps a chunk; one of a state that is no longer being gathered is dropped. */
  void stageChunk(long sequence, int index, byte[] bytes) {
    if (staged != null && staged.sequence() == sequence) {
      staged.put(index, bytes);
    }
  }

  /** Makes the gathered state the application's, and keeps it as a snapshot. */
  void install(long sequence) {
    if (staged == null || staged.sequence() != sequence) {
      throw new IllegalStateException("no state at " + sequence + " has been gathered");
    }
    KeptSnapshot complete = staged.complete();
    staged = null;
    machine.restore(complete.state());
    store.put(complete);
  }

  void discard(long stable) {
    store.discardBelow(stable);
  }
}
