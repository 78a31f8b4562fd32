package io.pbft.lab.sim;

import io.pbft.core.codec.Codec;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.crypto.Digest;
import io.pbft.storage.JournalCorruptException;
import io.pbft.storage.SimulatedDisk;
import io.pbft.storage.SteppedStorage;
import java.io.IOException;
import java.util.Random;

/**
 * The production journal and snapshot code over a simulated disk, in virtual time: a write takes as
 * long as the disk's latency says, and what gathers meanwhile is made durable by the next. When the
 * power goes during a write, any part of it may have reached the medium.
 */
public final class SimDisk implements SimMemory {
  private static final int WRITE_OPERATIONS = 8;

  private final int replica;
  private final EventQueue queue;
  private final Choices choices;
  private final Codec codec;
  private final Digest cluster;
  private final SimulatedDisk disk;
  private final int segmentBytes;
  private long minMicros;
  private long maxMicros;
  private long salt;
  private SteppedStorage storage;
  private Life life;
  private boolean writing;
  private boolean writingSnapshot;
  private boolean wiped;

  SimDisk(int replica, EventQueue queue, Choices choices, Codec codec, Digest cluster) {
    this.replica = replica;
    this.queue = queue;
    this.choices = choices;
    this.codec = codec;
    this.cluster = cluster;
    this.disk = new SimulatedDisk(new ChoiceRandom(choices));
    int needed = codec.limits().frameBytes() + 128 * 1024;
    this.segmentBytes = (needed + 511) / 512 * 512;
  }

  /** Makes a {@link Random} of the run's choices, for code that wants one. */
  private static final class ChoiceRandom extends Random {
    private static final long serialVersionUID = 1L;
    private final transient Choices source;

    ChoiceRandom(Choices source) {
      super(0);
      this.source = source;
    }

    @Override
    protected int next(int bits) {
      if (source == null) {
        return 0;
      }
      return bits < 31 ? source.below(1 << bits) : source.below(Integer.MAX_VALUE);
    }
  }

  /** How long a write takes until it is durable, drawn anew for each. */
  public SimDisk latency(long fromMicros, long toMicros) {
    minMicros = fromMicros;
    maxMicros = toMicros;
    return this;
  }

  /** The disk itself, for faults of its own. */
  public SimulatedDisk medium() {
    return disk;
  }

  @Override
  public Recovered begin(Life next) {
    life = next;
    writing = false;
    writingSnapshot = false;
    try {
      storage =
          SteppedStorage.open(
              disk, cluster, replica, codec, segmentBytes, () -> Choices.mix(++salt));
    } catch (IOException | JournalCorruptException e) {
      next.onFailed(e.getMessage());
      return null;
    }
    storage.journal().open(new Ears(next));
    SteppedStorage mine = storage;
    storage
        .snapshots()
        .onDurable(
            sequence -> {
              if (mine == storage && life == next) {
                next.onSnapshotDurable();
              }
            });
    Recovered found = storage.recovered();
    if (wiped && found.fresh()) {
      return Recovered.amnesiac();
    }
    return found;
  }

  private static final class Ears implements Journal.Listener {
    private final Life life;

    Ears(Life life) {
      this.life = life;
    }

    @Override
    public void onDurable(long position) {
      life.onDurable(position);
    }

    @Override
    public void onFailed(IOException failure) {
      life.onFailed(failure.getMessage());
    }
  }

  @Override
  public SnapshotStore snapshots() {
    return storage.snapshots();
  }

  @Override
  public long append(LogRecord record) {
    return storage.journal().append(record);
  }

  @Override
  public void force() {
    storage.journal().force();
    startWriting();
    startWritingSnapshot();
  }

  private void startWriting() {
    if (writing || life == null || !storage.takeJournalWork()) {
      return;
    }
    writing = true;
    later(
        () -> {
          storage.writeJournal();
          writing = false;
          startWriting();
        });
  }

  private void startWritingSnapshot() {
    if (writingSnapshot || life == null || !storage.hasSnapshotWork()) {
      return;
    }
    writingSnapshot = true;
    later(
        () -> {
          storage.writeSnapshot();
          writingSnapshot = false;
          startWritingSnapshot();
          startWriting();
        });
  }

  private void later(Runnable write) {
    Life mine = life;
    queue.in(
        choices.between(minMicros, maxMicros),
        () -> {
          if (life == mine) {
            write.run();
          }
        });
  }

  @Override
  public void discard(long stable) {
    storage.journal().discard(stable);
  }

  @Override
  public void end(boolean power) {
    life = null;
    if (power) {
      interruptWrites();
      disk.powerLoss();
    } else {
      disk.processDeath();
    }
  }

  /** The write under way gets as far as chance wants. */
  private void interruptWrites() {
    disk.crashAfter(1 + choices.below(WRITE_OPERATIONS));
    try {
      if (writingSnapshot) {
        storage.writeSnapshot();
      }
      if (writing) {
        storage.writeJournal();
      }
    } catch (SimulatedDisk.Crash e) {
      // As it should: the rest did not happen.
      return;
    }
  }

  @Override
  public void wipe() {
    wiped = true;
    disk.wipe();
  }

  @Override
  public long usedBytes() {
    return disk.usedBytes();
  }
}
