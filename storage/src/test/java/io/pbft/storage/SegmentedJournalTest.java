package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.spi.Journal;
import io.pbft.core.spi.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SegmentedJournalTest {
  private static final int SEGMENT = 64 * 1024;

  private final SimulatedDisk disk = new SimulatedDisk(9);
  private final AtomicLong snapshotAt = new AtomicLong();

  private static final class Ears implements Journal.Listener {
    final BlockingQueue<Long> durable = new LinkedBlockingQueue<>();
    final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    @Override
    public void onDurable(long position) {
      durable.add(position);
    }

    @Override
    public void onFailed(IOException failure) {
      failures.add(failure);
    }

    void awaitDurable(long position) throws InterruptedException {
      long seen = 0;
      while (seen < position) {
        Long next = durable.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("waiting for %d after %d", position, seen).isNotNull();
        assertThat(next).isGreaterThan(seen);
        seen = next;
      }
    }
  }

  private SegmentedJournal open(Ears ears, long asyncNanos) throws Exception {
    SegmentLog log =
        SegmentLog.resume(
            new SegmentLog.Setup(
                disk,
                SegmentLogs.DIRECTORY,
                Facts.IDENTITY,
                Facts.RECORDS,
                SEGMENT,
                asyncNanos == 0,
                new Random(1)::nextLong),
            SegmentLogs.scan(disk));
    SegmentedJournal journal =
        new SegmentedJournal(
            log,
            Facts.RECORDS,
            asyncNanos,
            s -> Math.min(s, snapshotAt.get()),
            "journal-test",
            true);
    journal.open(ears);
    return journal;
  }

  private List<String> read() throws Exception {
    return Facts.texts(SegmentLogs.scan(disk).records());
  }

  private static List<LogRecord> facts(int count) {
    return IntStream.range(0, count).mapToObj(Facts::nth).toList();
  }

  @Test
  void whatWasToldDurableSurvivesPowerLoss() throws Exception {
    Ears ears = new Ears();
    List<LogRecord> all = facts(50);
    try (SegmentedJournal journal = open(ears, 0)) {
      for (int i = 0; i < 50; i++) {
        assertThat(journal.append(all.get(i))).isEqualTo(i + 1);
        journal.force();
      }
      ears.awaitDurable(50);
    }
    disk.powerLoss();
    assertThat(read()).isEqualTo(Facts.texts(all));
    assertThat(ears.failures).isEmpty();
    try (SegmentedJournal journal = open(new Ears(), 0)) {
      assertThat(journal.append(Facts.nth(50))).isEqualTo(51);
    }
    assertThat(read()).hasSize(51);
  }

  @Test
  void oneForceCoversAllThatGatheredMeanwhile() throws Exception {
    Ears ears = new Ears();
    CountDownLatch forcing = new CountDownLatch(1);
    CountDownLatch mayForce = new CountDownLatch(1);
    try (SegmentedJournal journal = open(ears, 0)) {
      int before = disk.forces();
      disk.setBeforeForce(
          () -> {
            forcing.countDown();
            await(mayForce);
          });
      journal.append(Facts.nth(0));
      journal.force();
      await(forcing);
      for (int i = 1; i <= 200; i++) {
        journal.append(Facts.nth(i));
        journal.force();
      }
      assertThat(ears.durable).as("the driver went on, nothing is durable").isEmpty();
      mayForce.countDown();
      ears.awaitDurable(201);
      assertThat(disk.forces() - before).isEqualTo(2);
    }
    assertThat(read()).hasSize(201);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyRecordsOfOneBurstCostOneForce() throws Exception {
    Ears ears = new Ears();
    try (SegmentedJournal journal = open(ears, 0)) {
      int before = disk.forces();
      for (int i = 0; i < 100; i++) {
        journal.append(Facts.nth(i));
      }
      journal.force();
      ears.awaitDurable(100);
      assertThat(disk.forces() - before).isEqualTo(1);
    }
  }

  @Test
  void appendsBeyondTheBoundAreHandedOverUnasked() throws Exception {
    Ears ears = new Ears();
    try (SegmentedJournal journal = open(ears, 0)) {
      for (int i = 0; i < 1024; i++) {
        journal.append(Facts.prepared(0, i));
      }
      ears.awaitDurable(1024);
    }
  }

  @Test
  void afterAFailedForceNothingIsDurableAnyMore() throws Exception {
    Ears ears = new Ears();
    SegmentedJournal journal = open(ears, 0);
    journal.append(Facts.nth(0));
    journal.force();
    ears.awaitDurable(1);
    disk.failForces(1);
    journal.append(Facts.nth(1));
    journal.force();
    assertThat(ears.failures.poll(30, TimeUnit.SECONDS)).hasMessageContaining("Input/output error");
    int forces = disk.forces();
    journal.append(Facts.nth(2));
    journal.force();
    journal.discard(5);
    journal.close();
    assertThat(disk.forces()).as("never tried again").isEqualTo(forces);
    assertThat(ears.durable).isEmpty();
    assertThat(ears.failures).isEmpty();
  }

  @Test
  void whatAFailedForceLeftInTheCacheIsDurableOnceItWasRecovered() throws Exception {
    Ears ears = new Ears();
    SegmentedJournal journal = open(ears, 0);
    disk.failForces(1);
    journal.append(Facts.nth(0));
    journal.force();
    assertThat(ears.failures.poll(30, TimeUnit.SECONDS)).isNotNull();
    journal.close();
    // The process starts again and reads the record from the cache; then the power goes.
    disk.processDeath();
    assertThat(read()).hasSize(1);
    open(new Ears(), 0).close();
    disk.powerLoss();
    assertThat(read()).isEqualTo(Facts.texts(facts(1)));
  }

  @Test
  void aFullDiskStopsTheJournalAndARestartRecovers() throws Exception {
    Ears ears = new Ears();
    SegmentedJournal journal = open(ears, 0);
    disk.setCapacity(disk.usedBytes() + SEGMENT / 2);
    for (int i = 0; ears.failures.isEmpty(); i++) {
      journal.append(Facts.nth(i));
      journal.force();
    }
    journal.close();
    List<Long> durable = new ArrayList<>(ears.durable);
    int told = durable.isEmpty() ? 0 : durable.get(durable.size() - 1).intValue();
    assertThat(ears.failures).hasSize(1);
    assertThat(ears.failures.poll()).hasMessageContaining("No space left");
    disk.powerLoss();
    disk.setCapacity(Long.MAX_VALUE);
    assertThat(told).isPositive();
    assertThat(read().size()).isGreaterThanOrEqualTo(told);
    assertThat(read().subList(0, told)).isEqualTo(Facts.texts(facts(told)));
    try (SegmentedJournal again = open(new Ears(), 0)) {
      again.append(Facts.nth(0));
    }
  }

  @Test
  void discardingWaitsForTheSnapshot() throws Exception {
    Ears ears = new Ears();
    try (SegmentedJournal journal = open(ears, 0)) {
      for (int s = 1; s <= 800; s++) {
        journal.append(Facts.prePrepared(0, s));
      }
      journal.append(Facts.stable(800));
      journal.discard(800);
      ears.awaitDurable(801);
      assertThat(SegmentLogs.scan(disk).floor().sequence()).isZero();
      snapshotAt.set(800);
      journal.onSnapshotDurable();
      journal.append(Facts.prePrepared(0, 801));
      journal.force();
      ears.awaitDurable(802);
    }
    JournalReader.Scan scan = SegmentLogs.scan(disk);
    assertThat(scan.floor().sequence()).isEqualTo(800);
    assertThat(Facts.texts(scan.records()))
        .containsAll(Facts.texts(List.of(Facts.stable(800), Facts.prePrepared(0, 801))));
  }

  @Test
  void asyncTellsOnceWrittenAndForcesLater() throws Exception {
    Ears ears = new Ears();
    SegmentedJournal journal = open(ears, TimeUnit.HOURS.toNanos(1));
    int before = disk.forces();
    for (int i = 0; i < 20; i++) {
      journal.append(Facts.nth(i));
      journal.force();
    }
    ears.awaitDurable(20);
    assertThat(disk.forces()).isEqualTo(before);
    assertThat(read()).as("the process dies here").hasSize(20);
    journal.close();
    assertThat(disk.forces()).isEqualTo(before + 1);
    disk.powerLoss();
    assertThat(read()).hasSize(20);
  }

  @Test
  void asyncForcesByItselfAtItsInterval() throws Exception {
    Ears ears = new Ears();
    try (SegmentedJournal journal = open(ears, TimeUnit.MILLISECONDS.toNanos(1))) {
      int before = disk.forces();
      journal.append(Facts.nth(0));
      journal.force();
      ears.awaitDurable(1);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (disk.forces() == before && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(disk.forces()).isGreaterThan(before);
    }
  }

  @Test
  void aRecordThatCannotBeWrittenStopsTheJournal() throws Exception {
    Ears ears = new Ears();
    try (SegmentedJournal journal = open(ears, 0)) {
      LogRecord.LeftView five = (LogRecord.LeftView) Facts.leftView(5);
      LogRecord.LeftView six = (LogRecord.LeftView) Facts.leftView(6);
      journal.append(new LogRecord.LeftView(five.viewChange(), six.envelope()));
      journal.force();
      assertThat(ears.failures.poll(30, TimeUnit.SECONDS))
          .hasMessageContaining("the envelope does not hold its VIEW_CHANGE");
    }
    assertThat(ears.durable).isEmpty();
  }

  @Test
  void aJournalOpensOnce() throws Exception {
    try (SegmentedJournal journal = open(new Ears(), 0)) {
      assertThatThrownBy(() -> journal.open(new Ears())).isInstanceOf(IllegalStateException.class);
    }
  }
}
