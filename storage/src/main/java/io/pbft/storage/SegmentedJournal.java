package io.pbft.storage;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;

/**
 * A journal in segment files with group commit: the driver's thread only gathers records; a writer
 * thread encodes and writes all that has gathered and makes it durable at once, while the next
 * records gather.
 *
 * <p>What each mode promises: {@link Storage.Mode}. Disk use: at most {@code 6 + 2 * ceil(needed /
 * segment)} segments and one commit, where needed is what the records above the last stable
 * checkpoint whose snapshot is durable take, one of each kind for a sequence number and digest, and
 * the latest view's; of these segments two are spares and one is being begun.
 *
 * <p>From {@value #HAND_OVER_RECORDS} gathered records on they are handed over without waiting for
 * {@link #force}. A driver takes no new work while much waits for the journal; should 256 MiB or
 * 262144 records have gathered all the same, the disk counts as failed.
 *
 * <p>After the first failure nothing is reported durable any more, and nothing is tried again: what
 * a failed fsync left on disk is unknown.
 */
public final class SegmentedJournal implements Journal {
  private static final int HAND_OVER_RECORDS = 1024;
  private static final int MAX_GATHERED_RECORDS = 1 << 18;
  private static final long MAX_GATHERED_BYTES = 256L * 1024 * 1024;
  private static final int RECORD_WEIGHT = 256;

  private record Gathered(long position, LogRecord fact) {}

  private record Work(List<Gathered> gathered, long discard, boolean last) {}

  private final SegmentLog log;
  private final LogRecordCodec codec;
  private final long forceIntervalNanos;
  private final LongUnaryOperator durableSnapshot;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Thread writer;
  private final boolean threaded;
  private List<Gathered> gathered = new ArrayList<>();
  private long gatheredBytes;
  private long nextPosition;
  private long discard;
  private boolean handedOver;
  private boolean closing;
  private IOException failure;
  private boolean failureTold;
  private Listener listener;
  private Work taken;
  private long forcedAt = System.nanoTime();

  /**
   * @param forceIntervalNanos how often to force in async mode; 0 in sync mode
   * @param durableSnapshot the highest sequence number, at most the one given, of which a snapshot
   *     is durable; 0 when there is none; any thread
   * @param threaded whether a thread of its own writes; else {@link #take} and {@link #writeTaken}
   */
  SegmentedJournal(
      SegmentLog log,
      LogRecordCodec codec,
      long forceIntervalNanos,
      LongUnaryOperator durableSnapshot,
      String name,
      boolean threaded) {
    this.log = log;
    this.threaded = threaded;
    this.codec = codec;
    this.forceIntervalNanos = forceIntervalNanos;
    this.durableSnapshot = durableSnapshot;
    this.nextPosition = log.nextPosition();
    this.writer = new Thread(this::run, name);
    writer.setDaemon(true);
  }

  @Override
  public void open(Listener to) {
    lock.lock();
    try {
      if (listener != null) {
        throw new IllegalStateException("a journal opens once");
      }
      listener = to;
    } finally {
      lock.unlock();
    }
    if (threaded) {
      writer.start();
    }
  }

  @Override
  public long append(LogRecord fact) {
    long position;
    boolean tooMuch;
    lock.lock();
    try {
      position = nextPosition++;
      if (failure == null && !closing) {
        gathered.add(new Gathered(position, fact));
        gatheredBytes += weight(fact);
        if (gathered.size() >= HAND_OVER_RECORDS) {
          handOver();
        }
      }
      tooMuch = gathered.size() > MAX_GATHERED_RECORDS || gatheredBytes > MAX_GATHERED_BYTES;
    } finally {
      lock.unlock();
    }
    if (tooMuch) {
      fail(new IOException("the disk does not keep up: 256 MiB of records wait for it"));
    }
    return position;
  }

  /** Roughly the bytes of a record in memory. */
  private static long weight(LogRecord fact) {
    if (fact instanceof LogRecord.PrePrepared r) {
      long bytes = RECORD_WEIGHT;
      for (AuthenticatedRequest each : r.batch().requests()) {
        bytes += RECORD_WEIGHT + each.request().operation().length;
      }
      return bytes;
    }
    return RECORD_WEIGHT;
  }

  @Override
  public void force() {
    lock.lock();
    try {
      if (!gathered.isEmpty()) {
        handOver();
      }
    } finally {
      lock.unlock();
    }
  }

  private void handOver() {
    handedOver = true;
    news.signal();
  }

  /** Takes effect once a snapshot at the checkpoint is durable. */
  @Override
  public void discard(long stable) {
    lock.lock();
    try {
      discard = Math.max(discard, stable);
      handOver();
    } finally {
      lock.unlock();
    }
  }

  /** A snapshot has become durable: a discard may have waited for it. Any thread. */
  void onSnapshotDurable() {
    lock.lock();
    try {
      handOver();
    } finally {
      lock.unlock();
    }
  }

  /** The replica's memory is broken: stops the journal as if it had failed itself. Any thread. */
  void fail(IOException cause) {
    Listener hearing = null;
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
        gathered = new ArrayList<>();
        gatheredBytes = 0;
        handOver();
      }
      if (!failureTold) {
        hearing = listener;
        failureTold = hearing != null;
      }
    } finally {
      lock.unlock();
    }
    if (hearing != null) {
      hearing.onFailed(cause);
    }
  }

  private void run() {
    try {
      Work work = await();
      while (!work.last()) {
        perform(work);
        work = await();
      }
      perform(work);
      log.force();
    } catch (IOException e) {
      fail(e);
    } catch (InterruptedException e) {
      fail(new IOException("the journal's writer was interrupted", e));
    } catch (RuntimeException | Error e) {
      fail(new IOException("the journal's writer failed: " + e, e));
    } finally {
      closeLog();
    }
  }

  private void perform(Work work) throws IOException {
    List<Entry> entries = new ArrayList<>(work.gathered().size());
    for (Gathered each : work.gathered()) {
      entries.add(new Entry.Fact(each.position(), each.fact(), codec.encode(each.fact())));
    }
    log.append(entries, this::onWritten);
    if (forceIntervalNanos > 0 && System.nanoTime() - forcedAt >= forceIntervalNanos) {
      log.force();
      forcedAt = System.nanoTime();
    }
    log.collect(durableSnapshot.applyAsLong(work.discard()));
  }

  private void onWritten(long position) {
    lock.lock();
    try {
      // Under the lock, so that nothing is reported durable after a failure was reported.
      if (failure == null) {
        listener.onDurable(position);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for work; in async mode not longer than until the next force is due. */
  private Work await() throws InterruptedException, IOException {
    lock.lock();
    try {
      long left = forceIntervalNanos - (System.nanoTime() - forcedAt);
      while (!handedOver && !closing && (forceIntervalNanos == 0 || left > 0)) {
        if (forceIntervalNanos == 0) {
          news.await();
        } else {
          left = news.awaitNanos(left);
        }
      }
      if (failure != null) {
        throw failure;
      }
      return takeGathered();
    } finally {
      lock.unlock();
    }
  }

  private Work takeGathered() {
    handedOver = false;
    Work work = new Work(gathered, discard, closing);
    gathered = new ArrayList<>();
    gatheredBytes = 0;
    return work;
  }

  /** Without a thread: takes up what was handed over; false when nothing was. */
  boolean take() {
    lock.lock();
    try {
      if (!handedOver || failure != null) {
        return false;
      }
      taken = takeGathered();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Without a thread: writes what was taken up. */
  void writeTaken() {
    try {
      perform(taken);
    } catch (IOException e) {
      fail(e);
    }
  }

  private void closeLog() {
    try {
      log.close();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** Waits until what was appended is durable or the journal has failed. */
  @Override
  public void close() {
    boolean started;
    lock.lock();
    try {
      closing = true;
      started = threaded && listener != null;
      news.signal();
    } finally {
      lock.unlock();
    }
    if (!started) {
      closeLog();
      return;
    }
    if (Thread.currentThread() == writer) {
      return;
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        TimeUnit.SECONDS.timedJoin(writer, 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
