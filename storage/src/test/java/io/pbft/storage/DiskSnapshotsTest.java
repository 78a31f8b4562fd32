package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.message.ChunkTree;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    return open(disk);
  }

  private DiskSnapshots open(SimulatedDisk on) throws Exception {
    DiskSnapshots snapshots = DiskSnapshots.open(on, DIRECTORY, Facts.IDENTITY);
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
    StateNode slow =
        new StateNode() {
          @Override
          public byte[] content() {
            reading.countDown();
            awaitQuietly(mayRead);
            return new byte[CHUNK];
          }
        };
    KeptSnapshot snapshot = new KeptSnapshot(8, new byte[0], () -> slow);
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
    snapshots.discardBelow(16, List.of());
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
      snapshots.discardBelow(8L * i, List.of());
      assertThat(disk.usedBytes()).isLessThan(4 * state + 9 * 1024 * 1024);
    }
    snapshots.close();
    assertThat(Snapshots.same(open().newest(), last)).isTrue();
  }

  @Test
  void olderOnesStayUntilTheStableOneIsDurable() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1));
    snapshots.discardBelow(16, List.of());
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
        DiskSnapshots before = open(crashing);
        putAndAwait(before, first);
        crashing.crashAfter(step);
        before.put(second);
        before.discardBelow(16, List.of());
        boolean done = awaitSecondOrFailure();
        before.close();
        crashing.powerLoss();
        DiskSnapshots after = DiskSnapshots.open(crashing, DIRECTORY, Facts.IDENTITY);
        KeptSnapshot newest = after.newest();
        boolean isSecond = newest.sequence() == 16;
        assertThat(Snapshots.same(newest, isSecond ? second : first)).isTrue();
        assertThat(isSecond || !done).isTrue();
        assertThat(crashing.list(DIRECTORY)).noneMatch(Names::isTemporary);
        completed += done ? 1 : 0;
      }
    }
    assertThat(completed).isPositive();
  }

  private boolean awaitSecondOrFailure() throws Exception {
    while (failures.isEmpty() && durable.isEmpty()) {
      Thread.onSpinWait();
    }
    failures.clear();
    return durable.poll() != null;
  }

  @Test
  void aRottenChunkIsNamedWhenReadAndNotServed() throws Exception {
    DiskSnapshots before = open();
    putAndAwait(before, Snapshots.of(8, CHUNK, 1, 2));
    Digest rotten = Snapshots.of(8, CHUNK, 1, 2).state().root().children().get(0).digest();
    before.close();
    Path file = DIRECTORY.resolve(Names.snapshot(8, 1));
    SnapshotFile.Item item =
        SnapshotFile.read(disk, file, Facts.IDENTITY).items().stream()
            .filter(each -> each.digest().equals(rotten))
            .findAny()
            .orElseThrow();
    disk.flip(file, 8 * (item.offset() + 5));
    DiskSnapshots after = open();
    List<StateNode> leaves = after.newest().state().root().children();
    assertThat(leaves.get(1).content()).hasSize(CHUNK);
    assertThatThrownBy(() -> leaves.get(0).content())
        .isInstanceOf(RottenSnapshotException.class)
        .hasMessageContaining(file + " at offset " + item.offset())
        .hasMessageContaining("chunk does not match its digest " + rotten);
    assertThat(read(after, rotten, leaves.get(1).digest()))
        .extracting(chunk -> chunk.length)
        .containsExactly(0, CHUNK + 1);
  }

  private static List<byte[]> read(DiskSnapshots from, Digest... names) throws Exception {
    BlockingQueue<List<byte[]>> answers = new LinkedBlockingQueue<>();
    from.read(List.of(names), Integer.MAX_VALUE, answers::add);
    return answers.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void aSnapshotThatOthersFetchStaysWithItsChunks() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1, 2));
    putAndAwait(snapshots, Snapshots.of(16, CHUNK, 3, 4));
    snapshots.discardBelow(16, List.of(8L));
    putAndAwait(snapshots, Snapshots.of(24, CHUNK, 5, 6));
    Digest old = Snapshots.of(8, CHUNK, 1, 2).digest();
    assertThat(snapshots.get(8)).isNotNull();
    assertThat(read(snapshots, old).get(0)).isNotEmpty();
    snapshots.discardBelow(24, List.of());
    putAndAwait(snapshots, Snapshots.of(32, CHUNK, 7, 8));
    snapshots.close();
    assertThat(disk.list(DIRECTORY))
        .hasSize(2)
        .allMatch(name -> !name.contains("-0000000000000000008-"));
  }

  /** All chunks of a state, the uppermost first. */
  private static List<byte[]> chunksOf(StateNode node) {
    List<byte[]> all = new ArrayList<>(List.of(node.chunk()));
    node.children().forEach(child -> all.addAll(chunksOf(child)));
    return all;
  }

  @Test
  void whatWasFetchedIsThereAfterTheProcessDied() throws Exception {
    KeptSnapshot wanted = Snapshots.of(16, CHUNK, 1, 2, 3, 4);
    List<byte[]> all = chunksOf(wanted.root());
    DiskSnapshots before = open();
    before.stage(all.subList(0, 4));
    before.stage(all.subList(4, 5));
    disk.processDeath();

    DiskSnapshots after = open();
    List<Digest> missing = after.missing(List.of(wanted.digest()));
    assertThat(missing)
        .containsExactlyInAnyOrderElementsOf(
            all.subList(5, all.size()).stream().map(ChunkTree::digest).toList());
    after.stage(all.subList(5, all.size()));
    KeptSnapshot complete = after.staged(16, wanted.digest());
    assertThat(Snapshots.same(complete, wanted)).isTrue();
    after.put(complete);
    after.unstage();
    assertThat(durable.poll(30, TimeUnit.SECONDS)).isEqualTo(16L);
    after.close();
    assertThat(disk.list(DIRECTORY)).containsExactly(Names.snapshot(16, 1));
    assertThat(Snapshots.same(open().newest(), wanted)).isTrue();
  }

  @Test
  void aLossOfPowerCostsFetchedChunksButNeverAWrongOne() throws Exception {
    KeptSnapshot wanted = Snapshots.of(16, 700, 1, 2, 3, 4, 5, 6, 7, 8);
    List<byte[]> all = chunksOf(wanted.root());
    for (int seed = 0; seed < 40; seed++) {
      SimulatedDisk losing = new SimulatedDisk(seed);
      losing.syncDirectory(DIRECTORY);
      DiskSnapshots before = open(losing);
      for (byte[] chunk : all) {
        before.stage(List.of(chunk));
      }
      before.close();
      losing.powerLoss();
      DiskSnapshots after = open(losing);
      for (List<Digest> missing = after.missing(List.of(wanted.digest()));
          !missing.isEmpty();
          missing = after.missing(List.of(wanted.digest()))) {
        Digest next = missing.get(0);
        after.stage(all.stream().filter(c -> ChunkTree.digest(c).equals(next)).toList());
      }
      assertThat(Snapshots.same(after.staged(16, wanted.digest()), wanted)).isTrue();
    }
  }

  @Test
  void whatASnapshotHereHasIsNotMissing() throws Exception {
    DiskSnapshots snapshots = open();
    putAndAwait(snapshots, Snapshots.of(8, CHUNK, 1, 2, 3));
    KeptSnapshot wanted = Snapshots.of(16, CHUNK, 1, 9, 3);
    List<byte[]> all = chunksOf(wanted.root());
    snapshots.stage(List.of(wanted.root().chunk(), wanted.state().root().chunk()));
    assertThat(snapshots.missing(List.of(wanted.digest())))
        .containsExactlyInAnyOrder(
            wanted.root().children().get(0).digest(),
            wanted.state().root().children().get(1).digest());
    assertThatThrownBy(() -> snapshots.staged(16, wanted.digest()))
        .hasMessage("2 chunks of the state at 16 are missing");
    snapshots.stage(all);
    assertThat(Snapshots.same(snapshots.staged(16, wanted.digest()), wanted)).isTrue();
  }

  @Test
  void aFileOfAnotherVersionIsRefusedWithWhatToDo() throws Exception {
    DiskSnapshots before = open();
    putAndAwait(before, Snapshots.of(8, CHUNK, 1));
    before.close();
    Path file = DIRECTORY.resolve(Names.snapshot(8, 1));
    assertThatThrownBy(() -> reopenedAs(file, 3))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("format version 3, this program reads up to 2")
        .hasMessageContaining("run the newer program");
    assertThatThrownBy(() -> reopenedAs(file, 1))
        .hasMessageContaining("format version 1, this program reads version 2")
        .hasMessageContaining("repair");
  }

  private void reopenedAs(Path file, int version) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(disk.bytes(file));
    bytes.putInt(8, version);
    ByteBuffer header = bytes.slice(0, SnapshotFile.HEADER_BYTES);
    Identity.seal(header);
    disk.put(file, bytes.array());
    DiskSnapshots.open(disk, DIRECTORY, Facts.IDENTITY);
  }

  @Test
  void anyFlippedBitOfHeaderOrIndexIsRefused() throws Exception {
    DiskSnapshots before = open();
    putAndAwait(before, Snapshots.of(8, 10, 1, 2));
    before.close();
    Path file = DIRECTORY.resolve(Names.snapshot(8, 1));
    int size = disk.bytes(file).length;
    long chunksEnd =
        SnapshotFile.read(disk, file, Facts.IDENTITY).items().stream()
            .mapToLong(item -> item.offset() + item.length())
            .max()
            .orElseThrow();
    for (int bit = 0; bit < 8 * size; bit++) {
      if (bit / 8 < 512 || bit / 8 >= chunksEnd) {
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
