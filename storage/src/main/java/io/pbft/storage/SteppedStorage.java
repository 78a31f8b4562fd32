package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What {@link Storage#open} opens, over a simulated disk and without threads: the two writers work
 * when they are told to, on the caller's thread. For simulators, which decide when a write begins
 * and ends and where the power goes. Durable means {@link Storage.Mode#SYNC}. Not thread safe.
 */
public final class SteppedStorage {
  private static final Path DATA = Path.of("/data");

  private final SegmentedJournal journal;
  private final DiskSnapshots snapshots;
  private final Recovered recovered;

  private SteppedStorage(SegmentedJournal journal, DiskSnapshots snapshots, Recovered recovered) {
    this.journal = journal;
    this.snapshots = snapshots;
    this.recovered = recovered;
  }

  /**
   * Opens what the disk holds, as a life begins. The disk may crash meanwhile.
   *
   * @param segmentBytes see {@link Storage.Options}
   * @param salts see the journal format: a number for each segment that earlier ones did not have
   * @throws JournalCorruptException if the replica must not start from what is there
   */
  public static SteppedStorage open(
      SimulatedDisk disk,
      Digest clusterId,
      int replica,
      Codec codec,
      int segmentBytes,
      LongSupplier salts)
      throws IOException, JournalCorruptException {
    Storage.Opened opened =
        Storage.open(
            disk,
            DATA,
            new Identity(clusterId, replica),
            codec,
            new Storage.Options(Storage.Mode.SYNC, segmentBytes, 1),
            salts,
            () -> {},
            false);
    return new SteppedStorage(opened.journal(), opened.snapshots(), opened.recovered());
  }

  /** Its {@link Journal#close} writes nothing. */
  public Journal journal() {
    return journal;
  }

  public SnapshotStore snapshots() {
    return snapshots;
  }

  /** What was found. */
  public Recovered recovered() {
    return recovered;
  }

  /** The journal's writer takes up all that has gathered; false when there is nothing. */
  public boolean takeJournalWork() {
    return journal.take();
  }

  /** The journal's writer does what it has taken up, and tells the journal's listener. */
  public void writeJournal() {
    journal.writeTaken();
  }

  /** Whether a snapshot waits to be written, or files to be deleted. */
  public boolean hasSnapshotWork() {
    return snapshots.hasWork();
  }

  /** The snapshots' writer does one round of its work, and tells its listeners. */
  public void writeSnapshot() {
    snapshots.writeOne();
  }
}
