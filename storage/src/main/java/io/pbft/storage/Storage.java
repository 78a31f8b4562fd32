package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.crypto.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Opens a replica's data directory. */
public final class Storage {
  private static final int SLACK_BYTES = 64 * 1024;
  private static final SecureRandom SALTS = new SecureRandom();

  private Storage() {}

  /** When a record counts as durable. */
  public enum Mode {
    /** What was reported durable is there after the loss of power, also of all replicas at once. */
    SYNC,
    /**
     * What was reported durable is there after the death of the process; a machine that loses power
     * may forget the votes of its last moments, as if one of the f tolerated faults.
     */
    ASYNC
  }

  /**
   * How to keep a journal.
   *
   * @param segmentBytes of a segment, at most 1 GiB; must hold the largest frame of the cluster's
   *     limits and 64 KiB
   * @param asyncIntervalMillis how often {@link Mode#ASYNC} makes durable what was written
   */
  public record Options(Mode mode, int segmentBytes, long asyncIntervalMillis) {
    private static final int DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;
    private static final int MAX_SEGMENT_BYTES = 1 << 30;
    private static final long DEFAULT_INTERVAL_MILLIS = 200;

    public Options {
      if (segmentBytes > MAX_SEGMENT_BYTES || segmentBytes % Frames.ALIGNMENT != 0) {
        throw new IllegalArgumentException(
            "segmentBytes must be a multiple of 512 and at most 1 GiB, not " + segmentBytes);
      }
      if (asyncIntervalMillis < 1) {
        throw new IllegalArgumentException("asyncIntervalMillis must be positive");
      }
    }

    public static Options of(Mode mode) {
      return new Options(mode, DEFAULT_SEGMENT_BYTES, DEFAULT_INTERVAL_MILLIS);
    }
  }

  /**
   * An open data directory. Journal and snapshots are given to a driver, which closes them; {@link
   * #close} closes what is left and lets others have the directory.
   *
   * @param rejoining the replica has forgotten what it voted for (after a repair): {@code
   *     recovered} is an amnesiac's until {@link #rejoined} has been called
   */
  public record Opened(
      SegmentedJournal journal,
      DiskSnapshots snapshots,
      Recovered recovered,
      boolean rejoining,
      Path data,
      Closeable lock)
      implements AutoCloseable {
    /** The replica may vote again: from now on its journal is its memory. Blocks on the disk. */
    public void rejoined() throws IOException {
      JournalRepair.remember(new RealDisk(), data);
    }

    @Override
    public void close() throws IOException {
      journal.close();
      snapshots.close();
      lock.close();
    }
  }

  /**
   * Opens a replica's data directory, making it when there is none, and recovers what is in it.
   *
   * @throws JournalCorruptException if the replica must not start from what is there
   * @throws IOException if the directory can't be read or written, or another process has it
   */
  public static Opened open(Path data, Digest clusterId, int replica, Codec codec, Options options)
      throws IOException, JournalCorruptException {
    new RealDisk().createDirectories(data);
    DirectoryLock lock = lock(data);
    try {
      return open(data, clusterId, replica, codec, options, lock);
    } catch (IOException | JournalCorruptException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The same for a caller that has the directory's lock; {@code lock} is closed with what is
   * returned, and left as it is when this fails.
   */
  public static Opened open(
      Path data, Digest clusterId, int replica, Codec codec, Options options, Closeable lock)
      throws IOException, JournalCorruptException {
    Identity identity = new Identity(clusterId, replica);
    return open(new RealDisk(), data, identity, codec, options, SALTS::nextLong, lock, true);
  }

  /** Takes the lock of a directory that must not be in use. */
  static DirectoryLock lock(Path data) throws IOException {
    return DirectoryLock.tryAcquire(data)
        .orElseThrow(() -> new IOException(data + ": in use; stop the replica that has it"));
  }

  static Opened open(
      Disk disk,
      Path data,
      Identity identity,
      Codec codec,
      Options options,
      LongSupplier salts,
      Closeable lock,
      boolean threaded)
      throws IOException, JournalCorruptException {
    requireRoom(codec, options);
    Path journalDirectory = Names.journal(data);
    disk.createDirectories(journalDirectory);
    disk.createDirectories(Names.snapshots(data));
    LogRecordCodec records = new LogRecordCodec(codec);
    DiskSnapshots snapshots = DiskSnapshots.open(disk, Names.snapshots(data), identity);
    JournalReader.Scan scan =
        new JournalReader(disk, journalDirectory, identity, records, JournalReader.Visitor.NONE)
            .scan();
    boolean rejoining = disk.exists(data.resolve(Names.FORGOTTEN));
    Recovered recovered = rejoining ? Recovered.amnesiac() : recovered(data, scan, snapshots);
    boolean sync = options.mode() == Mode.SYNC;
    SegmentLog log =
        SegmentLog.resume(
            new SegmentLog.Setup(
                disk, journalDirectory, identity, records, options.segmentBytes(), sync, salts),
            scan);
    SegmentedJournal journal =
        new SegmentedJournal(
            log,
            records,
            sync ? 0 : TimeUnit.MILLISECONDS.toNanos(options.asyncIntervalMillis()),
            snapshots::durableAtOrBelow,
            "pbft-journal-" + identity.replica(),
            threaded);
    snapshots.onDurable(sequence -> journal.onSnapshotDurable());
    snapshots.onFailure(journal::fail);
    if (threaded) {
      snapshots.start();
    }
    return new Opened(journal, snapshots, recovered, rejoining, data, lock);
  }

  private static void requireRoom(Codec codec, Options options) {
    long needed = (long) codec.limits().frameBytes() + SLACK_BYTES;
    if (options.segmentBytes() < needed) {
      throw new IllegalArgumentException(
          "segmentBytes must be at least frameBytes and 64 KiB: " + needed);
    }
  }

  private static Recovered recovered(Path data, JournalReader.Scan scan, DiskSnapshots snapshots)
      throws JournalCorruptException {
    KeptSnapshot newest = snapshots.newest();
    long snapshot = newest == null ? 0 : newest.sequence();
    requireTogether(data, scan, snapshot);
    if (scan.isUntouched() && snapshot == 0) {
      return Recovered.first();
    }
    List<LogRecord> needed = needed(scan, snapshot);
    return new Recovered(false, needed, snapshot, newest == null ? new byte[0] : newest.meta());
  }

  /** Refuses a journal and snapshots, each sound, that can't be of one replica's one life. */
  static void requireTogether(Path data, JournalReader.Scan scan, long snapshot)
      throws JournalCorruptException {
    if (scan.segments().isEmpty() && snapshot > 0) {
      throw JournalCorruptException.damaged(
          Names.journal(data), -1, "no segments, expected a journal beside the snapshots");
    }
    if (snapshot < scan.floor().sequence()) {
      throw JournalCorruptException.damaged(
          Names.snapshots(data),
          -1,
          "the newest complete snapshot is at "
              + snapshot
              + ", expected one at "
              + scan.floor().sequence()
              + " or above, where the journal begins");
    }
  }

  /** Without votes that lie below both the stable checkpoint and the snapshot. */
  private static List<LogRecord> needed(JournalReader.Scan scan, long snapshot) {
    List<LogRecord> all = scan.records();
    long stable = scan.floor().sequence();
    for (LogRecord each : all) {
      if (each instanceof LogRecord.Stable r) {
        stable = Math.max(stable, r.sequence());
      }
    }
    LiveSet live = new LiveSet();
    live.raiseFloor(Math.min(stable, snapshot));
    return all.stream().filter(live::isAboveFloor).toList();
  }
}
