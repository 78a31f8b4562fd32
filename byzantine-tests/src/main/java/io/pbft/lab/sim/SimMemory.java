package io.pbft.lab.sim;

import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;

/** What a replica keeps from one life to the next. */
interface SimMemory {
  /** Hears, in virtual time, what the disk has done; nothing after the life has ended. */
  interface Life {
    /** All records up to the position are durable. */
    void onDurable(long position);

    /** A snapshot has become durable. */
    void onSnapshotDurable();

    /** The disk failed, and so the replica stops. */
    void onFailed(String why);
  }

  /**
   * A life begins.
   *
   * @return what was found, or null when the replica must not start from it
   */
  Recovered begin(Life life);

  SnapshotStore snapshots();

  /** The record's position; 0 when it is durable at once. */
  long append(LogRecord record);

  /** A burst of work has ended: what has gathered should become durable soon. */
  void force();

  void discard(long stable);

  /**
   * The life ends.
   *
   * @param power whether the machine loses its power, too, and with it what was not made durable
   */
  void end(boolean power);

  /** Everything that was kept is gone. */
  void wipe();

  /** Bytes on disk, for the bound; 0 without a disk. */
  long usedBytes();
}
