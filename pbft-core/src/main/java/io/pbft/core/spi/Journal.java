package io.pbft.core.spi;

import java.io.IOException;

/**
 * The replica's memory of what it voted for. All methods are called from one thread at a time; none
 * waits for a disk.
 */
public interface Journal extends AutoCloseable {
  /** Hears of progress; may be called from any thread. */
  interface Listener {
    /** All records up to this position are durable. Positions may be skipped, never taken back. */
    void onDurable(long position);

    /** The journal can't keep its promise any more; the replica stops. */
    void onFailed(IOException failure);
  }

  /** Called once, before the first append. */
  void open(Listener listener);

  /**
   * Adds a record.
   *
   * @return its position: above those of earlier records, or 0 when the record counts as durable
   *     already
   */
  long append(LogRecord record);

  /** A burst of appends has ended: what has gathered should become durable soon. */
  void force();

  /** Records at and below a stable checkpoint will not be asked for again. */
  void discard(long stable);

  /** Makes durable what was appended, as far as possible, and releases everything. */
  @Override
  void close();
}
