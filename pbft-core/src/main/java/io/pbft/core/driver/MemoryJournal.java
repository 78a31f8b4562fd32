package io.pbft.core.driver;

import io.pbft.core.spi.Journal;
import io.pbft.core.spi.LogRecord;

/** Remembers nothing, so nothing waits: for replicas that start again without their votes. */
public final class MemoryJournal implements Journal {
  @Override
  public void open(Listener listener) {}

  @Override
  public long append(LogRecord record) {
    return 0;
  }

  @Override
  public void force() {}

  @Override
  public void discard(long stable) {}

  @Override
  public void close() {}
}
