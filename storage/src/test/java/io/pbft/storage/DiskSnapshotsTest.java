package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DiskSnapshotsTest {
  private static final Path DIRECTORY = Path.of("/data/snapshots");
  private static final int CHUNK = 2000;

  private final SimulatedDisk disk = new SimulatedDisk(3);
  private final BlockingQueue<Long> durable = new LinkedBlockingQueue<>();
  private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
  private final List<DiskSnapshots> opened = new ArrayList<>();

  @AfterEach
  void closeAll() {
    opened.forEach(DiskSnapshots::close);
  }

  private DiskSnapshots open() throws Exception {
    DiskSnapshots snapshots = DiskSnapshots.open(disk, DIRECTORY, Facts.IDENTITY);
    opened.add(snapshots);
    snapshots.onDurable(durable::add);
    snapshots.onFailure(failures::add);
    snapshots.start();
    return snapshots;
  }

  private void putAndAwait(DiskSnapshots snapshots, KeptSnapshot snapshot) throws Exception {
    snapshots.put(snapshot);
    assertThat(durable.poll(30, TimeUnit.SECONDS)).isEqualTo(snapshot.sequence());
  }

  @Test
  void aDurableSnapshotIsThereAfterPowerLoss() throws Exception {
    KeptSnapshot snapshot = Snapshots.of(8, CHUNK, 1, 2, 1, 3);
    DiskSnapshots before = open();
    assertThat(before.newest()).isNull();
    assertThat(before.durableSequence()).isZero();
    putAndAwait(before, snapshot);
    assertThat(before.durableSequence()).isEqualTo(8);
    before.close();
    disk.powerLoss();

    DiskSnapshots after = open();
    assertThat(after.durableSequence()).isEqualTo(8);
    assertThat(Snapshots.same(after.newest(), snapshot)).isTrue();
    assertThat(Snapshots.same(after.get(8), snapshot)).isTrue();
    assertThat(after.get(9)).isNull();
  }

  @Test
  void untilItIsOnDiskTheSnapshotInMemoryServes() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch mayRead = new CountDownLatch(1);
    KeptSnapshot plain = Snapshots.of(8, CHUNK, 1);
    Snapshot slow =
        new Snapshot() {
          @Override
          public int chunks() {
            return 1;
          }

          @Override
          public byte[] chunk(int index) {
            reading.countDown();
            awaitQuietly(mayRead);
            return plain.state().chunk(0);
          }
        };
    KeptSnapshot snapshot = new KeptSnapshot(8, plain.meta(), plain.leaves(), slow);
    DiskSnapshots snapshots = open();
    snapshots.put(snapshot);
    awaitQuietly(reading);
    assertThat(snapshots.get(8)).isSameAs(snapshot);
    assertThat(snapshots.newest()).isSameAs(snapshot);
    assertThat(snapshots.durableSequence()).isZero();
    mayRead.countDown();
    assertThat(durable.poll(30, TimeUnit.SECONDS)).isEqualTo(8L);
    assertThat(snapshots.durableSequence()).isEqualTo(8);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void onlyChangedChunksAreWritten() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1, 2, 3, 4));
    long before = disk.usedBytes();
    KeptSnapshot second = Snapshots.of(16, CHUNK, 1, 2, 9, 4);
    putAndAwait(snapshots, second);
    assertThat(disk.usedBytes() - before).isBetween((long) CHUNK, 2L * CHUNK);
    snapshots.discardBelow(16);
    snapshots.close();
    assertThat(disk.list(DIRECTORY)).as("the first still lends its chunks").hasSize(2);
    assertThat(Snapshots.same(open().get(16), second)).isTrue();
  }

  @Test
  void diskUseIsBoundedOverManySnapshots() throws Exception {
    int bytes = 256 * 1024;
    DiskSnapshots snapshots = open();
    KeptSnapshot last = null;
    int[] contents = new int[8];
    long state = (long) bytes * contents.length;
    for (int i = 1; i <= 60; i++) {
      contents[i % contents.length] = i;
      contents[(i + 3) % contents.length] = 100 + i;
      last = Snapshots.of(8L * i, bytes, contents);
      putAndAwait(snapshots, last);
      snapshots.discardBelow(8L * i);
      assertThat(disk.usedBytes()).isLessThan(4 * state + 9 * 1024 * 1024);
    }
    snapshots.close();
    assertThat(Snapshots.same(open().newest(), last)).isTrue();
  }

  @Test
  void olderOnesStayUntilTheStableOneIsDurable() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1));
    snapshots.discardBelow(16);
    assertThat(snapshots.get(8)).isNull();
    assertThat(snapshots.durableAtOrBelow(16)).isEqualTo(8);
    putAndAwait(snapshots, Snapshots.of(16, CHUNK, 2));
    snapshots.close();
    assertThat(snapshots.durableAtOrBelow(16)).isEqualTo(16);
    assertThat(disk.list(DIRECTORY)).hasSize(1);
  }

  @Test
  void goingBackToFetchedStateSupersedesLaterSnapshots() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1));
    putAndAwait(snapshots, Snapshots.of(16, CHUNK, 66));
    putAndAwait(snapshots, Snapshots.of(24, CHUNK, 66, 67));
    KeptSnapshot fetched = Snapshots.of(16, CHUNK, 5);
    putAndAwait(snapshots, fetched);
    assertThat(Snapshots.same(snapshots.newest(), fetched)).isTrue();
    snapshots.close();
    assertThat(Snapshots.same(open().newest(), fetched)).isTrue();
  }

  /** What is on disk at the sequence number is another state: it must not count for this one. */
  @Test
  void aFetchedStateIsNotDurableBecauseTheOneThatItReplacesIs() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1));
    putAndAwait(snapshots, Snapshots.of(16, CHUNK, 66));
    CountDownLatch forcing = new CountDownLatch(1);
    CountDownLatch mayForce = new CountDownLatch(1);
    disk.setBeforeForce(
        () -> {
          forcing.countDown();
          awaitQuietly(mayForce);
        });
    snapshots.put(Snapshots.of(16, CHUNK, 5));
    awaitQuietly(forcing);
    assertThat(snapshots.durableSequence()).isEqualTo(8);
    assertThat(snapshots.durableAtOrBelow(16)).isEqualTo(8);
    mayForce.countDown();
    assertThat(durable.poll(30, TimeUnit.SECONDS)).isEqualTo(16L);
    assertThat(snapshots.durableSequence()).isEqualTo(16);
    assertThat(snapshots.durableAtOrBelow(16)).isEqualTo(16);
  }

  @Test
  void aCrashAtEveryStepOfWritingLeavesTheOldOrTheNew() throws Exception {
    KeptSnapshot first = Snapshots.of(8, CHUNK, 1, 2, 3);
    KeptSnapshot second = Snapshots.of(16, CHUNK, 1, 9, 3);
    int completed = 0;
    for (int step = 1; step <= 12; step++) {
      for (int seed = 0; seed < 20; seed++) {
        SimulatedDisk crashing = new SimulatedDisk(seed);
        SnapshotFile base = SnapshotFile.write(crashing, DIRECTORY, Facts.IDENTITY, 1, first, null);
        crashing.crashAfter(step);
        boolean done = false;
        try {
          SnapshotFile.write(crashing, DIRECTORY, Facts.IDENTITY, 2, second, base);
          done = true;
        } catch (SimulatedDisk.Crash crash) {
          assertThat(step).isLessThan(12);
        }
        crashing.powerLoss();
        KeptSnapshot newest = DiskSnapshots.open(crashing, DIRECTORY, Facts.IDENTITY).newest();
        boolean isSecond = newest.sequence() == 16;
        assertThat(Snapshots.same(newest, isSecond ? second : first)).isTrue();
        assertThat(isSecond || !done).isTrue();
        assertThat(crashing.list(DIRECTORY)).noneMatch(Names::isTemporary);
        completed += done ? 1 : 0;
      }
    }
    assertThat(completed).isPositive();
  }

  @Test
  void aRottenChunkIsNamedWhenRead() throws Exception {
    DiskSnapshots before = open();
    putAndAwait(before, Snapshots.of(8, CHUNK, 1, 2));
    before.close();
    Path file = DIRECTORY.resolve(Names.snapshot(8, 1));
    disk.flip(file, 8L * (512 + CHUNK + 5));
    KeptSnapshot kept = open().newest();
    assertThat(kept.state().chunk(0)).hasSize(CHUNK);
    assertThatThrownBy(() -> kept.state().chunk(1))
        .isInstanceOf(RottenSnapshotException.class)
        .hasMessageContaining(file + " at offset " + (512 + CHUNK))
        .hasMessageContaining("chunk 1 does not match its digest");
  }

  @Test
  void anyFlippedBitOfHeaderOrIndexIsRefused() throws Exception {
    DiskSnapshots before = open();
    putAndAwait(before, Snapshots.of(8, 10, 1, 2));
    before.close();
    Path file = DIRECTORY.resolve(Names.snapshot(8, 1));
    int size = disk.bytes(file).length;
    for (int bit = 0; bit < 8 * size; bit++) {
      if (bit / 8 < 512 || bit / 8 >= 532) {
        disk.flip(file, bit);
        assertThatThrownBy(() -> DiskSnapshots.open(disk, DIRECTORY, Facts.IDENTITY))
            .as("bit %d", bit)
            .isInstanceOf(JournalCorruptException.class)
            .hasMessageContaining(file.toString());
        disk.flip(file, bit);
      }
    }
    assertThat(open().newest().sequence()).isEqualTo(8);
  }

  @Test
  void anotherReplicasSnapshotIsRefused() throws Exception {
    DiskSnapshots before = open();
    putAndAwait(before, Snapshots.of(8, CHUNK, 1));
    before.close();
    Identity other = new Identity(Facts.IDENTITY.clusterId(), 0);
    assertThatThrownBy(() -> DiskSnapshots.open(disk, DIRECTORY, other))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("belongs to replica 2, expected replica 0");
  }

  @Test
  void aFullDiskIsToldAndNothingIsWrittenAfterwards() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1));
    disk.setCapacity(disk.usedBytes() + 100);
    snapshots.put(Snapshots.of(16, CHUNK, 2));
    assertThat(failures.poll(30, TimeUnit.SECONDS)).hasMessageContaining("No space left");
    long operations = disk.operations();
    snapshots.put(Snapshots.of(24, CHUNK, 3));
    snapshots.close();
    assertThat(disk.operations()).isEqualTo(operations);
    assertThat(snapshots.durableSequence()).isEqualTo(8);
    assertThat(durable).isEmpty();
    disk.setCapacity(Long.MAX_VALUE);
    assertThat(open().newest().sequence()).isEqualTo(8);
  }
}
