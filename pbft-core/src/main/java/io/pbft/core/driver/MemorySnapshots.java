package io.pbft.core.driver;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.SnapshotStore;
import java.util.Map;
import java.util.TreeMap;

/** Snapshots in memory. */
public final class MemorySnapshots implements SnapshotStore {
  private final TreeMap<Long, KeptSnapshot> kept = new TreeMap<>();

  @Override
  public void put(KeptSnapshot snapshot) {
    // One below others means that the replica went back to fetched state.
    kept.tailMap(snapshot.sequence(), true).clear();
    kept.put(snapshot.sequence(), snapshot);
  }

  @Override
  public KeptSnapshot get(long sequence) {
    return kept.get(sequence);
  }

  @Override
  public KeptSnapshot newest() {
    Map.Entry<Long, KeptSnapshot> last = kept.lastEntry();
    return last == null ? null : last.getValue();
  }

  @Override
  public void discardBelow(long stable) {
    kept.headMap(stable).clear();
  }

  @Override
  public void close() {
    kept.clear();
  }
}
