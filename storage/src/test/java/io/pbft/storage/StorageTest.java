package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.spi.Journal;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole, on the real file system. */
@Timeout(60)
class StorageTest {
  private static final int SEGMENT = 256 * 1024;

  @TempDir private Path data;
  private final BlockingQueue<Long> durable = new LinkedBlockingQueue<>();
  private final BlockingQueue<Long> snapshotsDurable = new LinkedBlockingQueue<>();

  private Storage.Opened open(Digest cluster, int replica) throws Exception {
    Storage.Options options = new Storage.Options(Storage.Mode.SYNC, SEGMENT, 100);
    Storage.Opened opened = Storage.open(data, cluster, replica, Facts.CODEC, options);
    opened.snapshots().onDurable(snapshotsDurable::add);
    opened
        .journal()
        .open(
            new Journal.Listener() {
              @Override
              public void onDurable(long position) {
                durable.add(position);
              }

              @Override
              public void onFailed(IOException failure) {
                throw new AssertionError(failure);
              }
            });
    return opened;
  }

  private Storage.Opened open() throws Exception {
    return open(Facts.IDENTITY.clusterId(), Facts.IDENTITY.replica());
  }

  private void append(Storage.Opened storage, LogRecord... facts) throws Exception {
    long last = 0;
    for (LogRecord fact : facts) {
      last = storage.journal().append(fact);
    }
    storage.journal().force();
    Long seen = 0L;
    while (seen < last) {
      seen = durable.poll(30, TimeUnit.SECONDS);
      assertThat(seen).isNotNull();
    }
  }

  private void put(Storage.Opened storage, KeptSnapshot snapshot) throws Exception {
    storage.snapshots().put(snapshot);
    assertThat(snapshotsDurable.poll(30, TimeUnit.SECONDS)).isEqualTo(snapshot.sequence());
  }

  /** Two checkpoints, the first stable, and votes beyond the second. */
  private void liveAWhile() throws Exception {
    try (Storage.Opened storage = open()) {
      assertThat(storage.recovered().fresh()).isTrue();
      append(storage, Facts.leftView(1), Facts.prePrepared(1, 7), Facts.prepared(1, 7));
      put(storage, Snapshots.of(8, 1000, 1, 2));
      append(storage, Facts.checkpointed(8), Facts.prePrepared(1, 9), Facts.stable(8));
      storage.snapshots().discardBelow(8, List.of());
      storage.journal().discard(8);
      put(storage, Snapshots.of(16, 1000, 1, 3));
      append(storage, Facts.checkpointed(16), Facts.prePrepared(1, 17));
    }
  }

  @Test
  void aFirstStartIsFreshAlsoWhenRepeated() throws Exception {
    open().close();
    try (Storage.Opened storage = open()) {
      assertThat(storage.recovered().fresh()).isTrue();
      assertThat(storage.recovered().records()).isEmpty();
      assertThat(storage.rejoining()).isFalse();
    }
  }

  @Test
  void aRestartFindsTheNewestSnapshotAndTheVotesAboveTheStableCheckpoint() throws Exception {
    liveAWhile();
    try (Storage.Opened storage = open()) {
      Recovered recovered = storage.recovered();
      assertThat(recovered.fresh()).isFalse();
      assertThat(recovered.snapshotSequence()).isEqualTo(16);
      assertThat(recovered.snapshotMeta()).isEqualTo(new byte[] {16, 7});
      assertThat(Facts.texts(recovered.records()))
          .isEqualTo(
              Facts.texts(
                  List.of(
                      Facts.leftView(1),
                      Facts.checkpointed(8),
                      Facts.prePrepared(1, 9),
                      Facts.stable(8),
                      Facts.checkpointed(16),
                      Facts.prePrepared(1, 17))));
      assertThat(Snapshots.same(storage.snapshots().get(16), Snapshots.of(16, 1000, 1, 3)))
          .isTrue();
    }
  }

  @Test
  void manyRestartsInALongLifeKeepTheDiskBounded() throws Exception {
    long most = 0;
    for (int life = 0; life < 6; life++) {
      try (Storage.Opened storage = open()) {
        for (int k = 1; k <= 8; k++) {
          long from = (life * 8L + k - 1) * 64;
          for (long s = from + 1; s <= from + 64; s++) {
            append(
                storage,
                new LogRecord.PrePrepared(0, s, Facts.batch(s, 1000)),
                new LogRecord.Prepared(0, s, Facts.digest("d")));
          }
          put(storage, Snapshots.of(from + 64, 1000, k, life));
          append(storage, Facts.checkpointed(from + 64), Facts.stable(from + 64));
          storage.snapshots().discardBelow(from + 64, List.of());
          storage.journal().discard(from + 64);
        }
      }
      most = Math.max(most, bytes(Names.journal(data)));
    }
    assertThat(most).isLessThanOrEqualTo(8L * SEGMENT + 4096);
    try (Storage.Opened storage = open()) {
      assertThat(storage.recovered().snapshotSequence()).isEqualTo(6 * 8 * 64);
    }
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aDirectoryInUseIsRefused() throws Exception {
    try (Storage.Opened storage = open()) {
      assertThat(storage.recovered().fresh()).isTrue();
      assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("in use");
      assertThatThrownBy(() -> JournalRepair.apply(data)).isInstanceOf(IOException.class);
    }
    open().close();
  }

  @Test
  void anotherClustersDirectoryIsRefused() throws Exception {
    liveAWhile();
    assertThatThrownBy(() -> open(Facts.digest("other"), 2))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("belongs to cluster");
    assertThatThrownBy(() -> open(Facts.IDENTITY.clusterId(), 1))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("belongs to replica 2, expected replica 1");
  }

  @Test
  void snapshotsWithoutAJournalAreRefused() throws Exception {
    liveAWhile();
    Files.move(Names.journal(data), data.resolve("elsewhere"));
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("expected a journal beside the snapshots");
  }

  @Test
  void aDamagedReplicaRejoinsAfterRepairAndOnlyThen() throws Exception {
    liveAWhile();
    Path segment = Names.journal(data).resolve(Names.segment(1));
    byte[] content = Files.readAllBytes(segment);
    content[600] ^= 1;
    Files.write(segment, content);
    assertThatThrownBy(this::open)
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining(segment + " at offset 512");

    JournalRepair.Plan plan = plan();
    assertThat(plan.finding()).contains(segment + " at offset 512");
    assertThat(String.join("\n", plan.lines()))
        .contains("would drop the snapshot at 16")
        .contains("would move journal")
        .contains("to dropped-1");
    assertThatThrownBy(this::open).isInstanceOf(JournalCorruptException.class);

    Path aside = JournalRepair.apply(data);
    assertThat(Files.readAllBytes(aside.resolve("journal").resolve(Names.segment(1))))
        .isEqualTo(content);
    try (Storage.Opened storage = open()) {
      assertThat(storage.rejoining()).isTrue();
      assertThat(storage.recovered().isAmnesiac()).isTrue();
      append(storage, Facts.stable(24));
      put(storage, Snapshots.of(24, 100, 4));
    }
    try (Storage.Opened storage = open()) {
      assertThat(storage.recovered().isAmnesiac()).as("until it may vote again").isTrue();
      storage.rejoined();
    }
    try (Storage.Opened storage = open()) {
      assertThat(storage.rejoining()).isFalse();
      assertThat(storage.recovered().isAmnesiac()).isFalse();
      assertThat(storage.recovered().snapshotSequence()).isEqualTo(24);
    }
  }

  private JournalRepair.Plan plan() throws IOException {
    return JournalRepair.plan(
        data, Facts.IDENTITY.clusterId(), Facts.IDENTITY.replica(), Facts.CODEC);
  }

  @Test
  void theDumpShowsWhatCanBeReadAndThenTheDamage() throws Exception {
    try (Storage.Opened storage = open()) {
      append(storage, Facts.prePrepared(0, 1));
      append(storage, Facts.prePrepared(0, 2));
      append(storage, Facts.prePrepared(0, 3));
      put(storage, Snapshots.of(8, 1000, 1));
    }
    Path segment = Names.journal(data).resolve(Names.segment(1));
    byte[] content = Files.readAllBytes(segment);
    content[1100] ^= 1;
    Files.write(segment, content);
    List<JournalDump.Line> lines = new ArrayList<>();
    assertThatThrownBy(() -> JournalDump.read(data, Facts.CODEC, lines::add))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageStartingWith(segment + " at offset 1024: the group's checksum does not match");
    assertThat(lines)
        .extracting(JournalDump.Line::type)
        .containsExactly("snapshot", "segment", "pre-prepared");
  }

  @Test
  void aMissingSegmentIsToldAfterWhatIsThere() throws Exception {
    try (Storage.Opened storage = open()) {
      for (long s = 1; s <= 300; s++) {
        append(storage, new LogRecord.PrePrepared(0, s, Facts.batch(s, 1000)));
      }
    }
    Path youngest = Names.journal(data).resolve(Names.segment(2));
    Files.delete(youngest);
    List<JournalDump.Line> lines = new ArrayList<>();
    assertThatThrownBy(() -> JournalDump.read(data, Facts.CODEC, lines::add))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageStartingWith(youngest + ": the segment is missing");
    assertThat(lines).hasSizeGreaterThan(100);
    assertThat(plan().finding()).startsWith(youngest + ": the segment is missing");
  }

  @Test
  void aRottenChunkIsFoundByAPlanThoughTheSnapshotsIndexIsSound() throws Exception {
    liveAWhile();
    Path snapshot;
    try (Stream<Path> files = Files.list(Names.snapshots(data))) {
      snapshot = files.max(Comparator.naturalOrder()).orElseThrow();
    }
    byte[] content = Files.readAllBytes(snapshot);
    content[SnapshotFile.HEADER_BYTES + 10] ^= 1;
    Files.write(snapshot, content);
    assertThat(plan().finding())
        .matches(Pattern.quote(snapshot.toString()) + " at offset 51\\d: chunk does not match .*");
  }

  @Test
  void aLockIsOfOneHolderAndLookingAtItDoesNotTakeIt() throws Exception {
    assertThat(DirectoryLock.isHeld(data)).isFalse();
    try (Storage.Opened storage = open()) {
      assertThat(DirectoryLock.isHeld(data)).isTrue();
      assertThat(DirectoryLock.tryAcquire(data)).isEmpty();
    }
    assertThat(DirectoryLock.isHeld(data)).isFalse();
    try (DirectoryLock lock = DirectoryLock.tryAcquire(data).orElseThrow()) {
      assertThat(DirectoryLock.isHeld(data)).isTrue();
    }
    open().close();
  }

  @Test
  void aSoundDirectoryNeedsNoRepair() throws Exception {
    liveAWhile();
    JournalRepair.Plan plan = plan();
    assertThat(plan.finding()).isNull();
    assertThatThrownBy(() -> JournalRepair.apply(data.resolve("nowhere")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no such data directory");
  }

  @Test
  void aReplacedDiskIsAmnesiac() throws Exception {
    JournalRepair.forget(data);
    try (Storage.Opened storage = open()) {
      assertThat(storage.recovered().isAmnesiac()).isTrue();
    }
  }

  @Test
  void theDumpHasALineForEachRecord() throws Exception {
    try (Storage.Opened storage = open()) {
      append(storage, Facts.everyKind().toArray(LogRecord[]::new));
    }
    List<JournalDump.Line> lines = new ArrayList<>();
    JournalDump.read(data, Facts.CODEC, lines::add);
    assertThat(lines).hasSize(9);
    String file = "journal/segment-000000000001";
    assertThat(lines.get(0).type()).isEqualTo("segment");
    assertThat(lines.get(0).detail()).startsWith("version 1, replica 2, cluster ");
    assertThat(lines.get(1))
        .isEqualTo(
            new JournalDump.Line(
                file, 536, 1, "pre-prepared", 0, 1, Facts.batch(1, 20).digest(), "2 requests"));
    assertThat(lines)
        .extracting(JournalDump.Line::type)
        .containsExactly(
            "segment",
            "pre-prepared",
            "pre-prepared",
            "pre-prepared",
            "prepared",
            "left-view",
            "entered-view",
            "checkpoint",
            "stable");
    assertThat(lines.get(8).detail()).isEqualTo("proof of 3");
    assertThat(JournalReader.read(data, Facts.IDENTITY.clusterId(), 2, Facts.CODEC)).hasSize(8);
  }

  @Test
  void optionsThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> new Storage.Options(Storage.Mode.SYNC, 1000, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("multiple of 512");
    assertThatThrownBy(
            () ->
                Storage.open(
                    data,
                    Facts.IDENTITY.clusterId(),
                    2,
                    Facts.CODEC,
                    new Storage.Options(Storage.Mode.SYNC, 1024, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least frameBytes and 64 KiB");
  }
}
