package io.pbft.lab.sim;

import io.pbft.core.driver.MemorySnapshots;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;
import java.util.ArrayList;
import java.util.List;

/** A perfect disk in no time: whatever is written is durable at once. Fast. */
final class RamMemory implements SimMemory {
  private final List<LogRecord> records = new ArrayList<>();
  private MemorySnapshots snapshots = new MemorySnapshots();

  @Override
  public Recovered begin(Life life) {
    KeptSnapshot newest = snapshots.newest();
    return newest == null
        ? new Recovered(records.isEmpty(), List.copyOf(records), 0, new byte[0])
        : new Recovered(false, List.copyOf(records), newest.sequence(), newest.meta());
  }

  @Override
  public SnapshotStore snapshots() {
    return snapshots;
  }

  @Override
  public long append(LogRecord record) {
    records.add(record);
    return 0;
  }

  @Override
  public void force() {}

  @Override
  public void discard(long stable) {}

  @Override
  public void end(boolean power) {}

  @Override
  public void wipe() {
    records.clear();
    snapshots = new MemorySnapshots();
  }

  @Override
  public long usedBytes() {
    return 0;
  }
}
