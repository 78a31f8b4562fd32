package io.pbft.core.spi;

import java.util.function.LongConsumer;

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

  /**
   * The newest snapshot that survives the process; a store without a disk says that all do. Any
   * thread.
   */
  default long durableSequence() {
    return Long.MAX_VALUE;
  }

  /** Tells, from any thread, of each snapshot that has become durable. */
  default void onDurable(LongConsumer listener) {}

  /** Forgets those below the sequence number. */
  void discardBelow(long stable);

  @Override
  void close();
}
