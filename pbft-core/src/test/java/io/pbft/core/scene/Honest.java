package io.pbft.core.scene;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.checkpoint.Checkpoints;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.Manifest;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * What correct replicas say of the state after the batches of {@link Scene#orderedUpTo}: so that
 * peers can vouch for its checkpoints, and serve it.
 */
public final class Honest {
  private final Scene twin;
  private Snapshot instead;

  /** A correct replica that has executed up to {@code last}. */
  public Honest(ProtocolConfig config, long last) {
    twin = Scene.of(config.n() - 1, config);
    long interval = config.checkpointInterval();
    for (long s = interval; s <= last; s += interval) {
      twin.orderedUpTo(s);
      Digest own = twin.broadcast(Checkpoint.class).get(0).digest();
      for (int other : twin.others().toList()) {
        twin.from(other, new Checkpoint(s, own, other));
      }
    }
    twin.orderedUpTo(last);
  }

  /** Their application has this state at every checkpoint, whatever was executed. */
  public Honest withState(Snapshot state) {
    instead = state;
    return this;
  }

  /** The application's state at a checkpoint. */
  public Snapshot state(long sequence) {
    if (instead != null) {
      return instead;
    }
    List<String> operations = new ArrayList<>();
    for (long s = 1; s <= sequence; s++) {
      operations.add("op" + s);
    }
    return Machine.snapshot(operations);
  }

  /** The state digest at a checkpoint. */
  public Digest digest(long sequence) {
    Digest root = ChunkTree.root(Machine.leaves(state(sequence)));
    return Checkpoints.stateDigest(sequence, Digest.of(twin.meta(sequence)), root);
  }

  public Checkpoint checkpoint(long sequence, int replica) {
    return new Checkpoint(sequence, digest(sequence), replica);
  }

  public Manifest manifest(long sequence, int replica) {
    List<Digest> leaves = Machine.leaves(state(sequence));
    return new Manifest(sequence, twin.meta(sequence), leaves, replica);
  }

  public Chunk chunk(long sequence, int index, int replica) {
    return new Chunk(sequence, index, state(sequence).chunk(index), replica);
  }
}
