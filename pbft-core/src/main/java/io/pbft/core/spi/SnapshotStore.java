package io.pbft.core.spi;

/**
 * Keeps the snapshots of the last stable checkpoint and of newer ones: at most one for each
 * checkpoint in the log window, and one besides. All methods are called from the driver's thread.
 */
public interface SnapshotStore extends AutoCloseable {
  void put(KeptSnapshot snapshot);

  /** The snapshot at a sequence number, or null. */
  KeptSnapshot get(long sequence);

  /** The one with the highest sequence number, or null when there is none. */
  KeptSnapshot newest();

  /** Forgets those below the sequence number. */
  void discardBelow(long stable);

  @Override
  void close();
}
