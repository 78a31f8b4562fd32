package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.spi.Journal;
import io.pbft.core.spi.LogRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Journal and snapshots together, through lives that end at any operation of the disk: whatever
 * happened, the next life finds a snapshot and all votes above it that were told durable.
 */
@Timeout(300)
class StorageCrashTest {
  private static final Path DATA = Path.of("/data");
  private static final int SEGMENT = 160 * 1024;
  private static final int CHECKPOINT_INTERVAL = 5;

  /** What the replica was told, across its lives. */
  private static final class Told implements Journal.Listener {
    private long durable;
    private boolean failed;

    @Override
    public synchronized void onDurable(long position) {
      assertThat(failed).isFalse();
      assertThat(position).isGreaterThan(durable);
      durable = position;
      notifyAll();
    }

    @Override
    public synchronized void onFailed(IOException failure) {
      failed = true;
      notifyAll();
    }

    /** Whether it became durable; false when the journal failed instead. */
    synchronized boolean await(long position) throws InterruptedException {
      while (durable < position && !failed) {
        wait();
      }
      return durable >= position;
    }
  }

  private final TreeMap<Long, LogRecord> acknowledged = new TreeMap<>();
  private long sequence;
  private long stable;
  private int votesChecked;

  @Test
  void everyLifeFindsWhatTheOnesBeforeWereToldDurable() throws Exception {
    int crashes = manyLives(SimulatedDisk::crashAfter);
    assertThat(crashes).isGreaterThan(200);
    assertThat(votesChecked).isGreaterThan(200);
  }

  /**
   * A disk that is full from any operation on: the replica stops, and the next life, with the space
   * freed, finds all that was told durable, even if the power was lost in between.
   */
  @Test
  void aDiskThatIsFullFromAnyOperationOnLosesNothingThatWasToldDurable() throws Exception {
    int failures = manyLives(SimulatedDisk::failAfter);
    assertThat(failures).isGreaterThan(200);
    assertThat(votesChecked).isGreaterThan(200);
  }

  private interface End {
    void set(SimulatedDisk disk, long operations);
  }

  /** How many lives ended in trouble. */
  private int manyLives(End end) throws Exception {
    int troubled = 0;
    for (int seed = 0; seed < 60; seed++) {
      acknowledged.clear();
      sequence = 0;
      stable = 0;
      SimulatedDisk disk = new SimulatedDisk(seed);
      Random random = new Random(seed);
      for (int life = 0; life < 6; life++) {
        end.set(disk, 10 + random.nextInt(250));
        troubled += live(disk, random) ? 0 : 1;
        disk.recover();
        disk.powerLoss();
        check(disk, "seed " + seed + ", life " + life);
      }
    }
    return troubled;
  }

  private static List<String> names(List<LogRecord> facts) {
    return facts.stream()
        .map(fact -> fact.getClass().getSimpleName() + " " + LiveSet.sequence(fact))
        .toList();
  }

  private static Storage.Opened open(SimulatedDisk disk, Random random) throws Exception {
    return Storage.open(
        disk,
        DATA,
        Facts.IDENTITY,
        Facts.CODEC,
        new Storage.Options(Storage.Mode.SYNC, SEGMENT, 1),
        new Random(random.nextLong())::nextLong,
        () -> {},
        true);
  }

  /** A life; false if it ended in a crash. */
  private boolean live(SimulatedDisk disk, Random random) throws Exception {
    Storage.Opened storage;
    try {
      storage = open(disk, random);
    } catch (SimulatedDisk.Crash | IOException trouble) {
      return false;
    }
    Told told = new Told();
    try {
      storage.journal().open(told);
      boolean well = true;
      for (int i = 0; i < 60 && well; i++) {
        well = executeOne(storage, told);
      }
      return well;
    } finally {
      storage.close();
    }
  }

  private boolean executeOne(Storage.Opened storage, Told told) throws Exception {
    sequence++;
    List<LogRecord> facts = new ArrayList<>();
    facts.add(new LogRecord.PrePrepared(0, sequence, Facts.batch(sequence, 1000)));
    facts.add(Facts.prepared(0, sequence));
    boolean checkpoint = sequence % CHECKPOINT_INTERVAL == 0;
    if (checkpoint) {
      storage
          .snapshots()
          .put(Snapshots.of(sequence, 30_000, (int) (sequence / 5), (int) (sequence / 20)));
      facts.add(Facts.checkpointed(sequence));
      facts.add(Facts.stable(sequence));
    }
    TreeMap<Long, LogRecord> written = new TreeMap<>();
    facts.forEach(fact -> written.put(storage.journal().append(fact), fact));
    storage.journal().force();
    boolean well = told.await(written.lastKey());
    acknowledged.putAll(well ? written : written.headMap(told.durable, true));
    if (checkpoint && well) {
      stable = sequence;
      storage.snapshots().discardBelow(sequence, List.of());
      storage.journal().discard(sequence);
    }
    return well;
  }

  private void check(SimulatedDisk disk, String when) throws Exception {
    try (Storage.Opened storage = open(disk, new Random(1))) {
      long snapshot = storage.recovered().snapshotSequence();
      assertThat(snapshot % CHECKPOINT_INTERVAL).as(when).isZero();
      if (snapshot > 0) {
        assertThat(
                Snapshots.same(
                    storage.snapshots().get(snapshot),
                    Snapshots.of(snapshot, 30_000, (int) (snapshot / 5), (int) (snapshot / 20))))
            .as(when)
            .isTrue();
      }
      List<String> found = names(storage.recovered().records());
      long foundStable =
          storage.recovered().records().stream()
              .filter(LogRecord.Stable.class::isInstance)
              .mapToLong(LiveSet::sequence)
              .max()
              .orElse(0);
      assertThat(foundStable).as(when).isGreaterThanOrEqualTo(stable);
      List<LogRecord> needed = new ArrayList<>();
      for (LogRecord fact : acknowledged.values()) {
        boolean above = LiveSet.sequence(fact) > Math.min(snapshot, foundStable);
        if (above && !(fact instanceof LogRecord.Stable)) {
          needed.add(fact);
        }
      }
      if (!needed.isEmpty()) {
        assertThat(found).as(when).containsSubsequence(names(needed));
      }
      votesChecked += needed.size();
    }
    acknowledged
        .headMap(Math.max(0, acknowledged.isEmpty() ? 0 : acknowledged.lastKey() - 400))
        .clear();
  }
}
