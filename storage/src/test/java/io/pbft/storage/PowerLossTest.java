package io.pbft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.spi.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A replica whose machine loses power again and again, at any operation of the disk. */
class PowerLossTest {
  private static final int SEEDS = 400;
  private static final int SEGMENT = 4096;

  /** What was told durable, by position, and what was written but not told. */
  private final TreeMap<Long, LogRecord> durable = new TreeMap<>();

  private final TreeMap<Long, LogRecord> hoped = new TreeMap<>();
  private long floor;

  @Test
  void whatWasReportedDurableIsThereInOrder() throws Exception {
    int crashes = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      durable.clear();
      hoped.clear();
      floor = 0;
      SimulatedDisk disk = new SimulatedDisk(seed);
      Random random = new Random(seed);
      for (int life = 0; life < 8; life++) {
        disk.crashAfter(1 + random.nextInt(60));
        crashes += live(disk, random) ? 0 : 1;
        if (random.nextInt(4) == 0) {
          disk.processDeath();
        } else {
          disk.powerLoss();
        }
        check(disk, "seed " + seed + ", life " + life);
      }
    }
    assertThat(crashes).isGreaterThan(SEEDS * 4);
  }

  /** A life; false if it ended in a crash. */
  private boolean live(SimulatedDisk disk, Random random) throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, SEGMENT, random.nextLong())) {
      // What is there when a life begins, it relies on.
      SegmentLogs.scan(disk)
          .found()
          .forEach(each -> durable.put(each.entry().position(), each.entry().fact()));
      for (int burst = 0; burst < 40; burst++) {
        append(log, random);
        if (random.nextInt(5) == 0) {
          floor = Math.max(floor, highest() - 3);
          log.collect(floor);
        }
      }
      return true;
    } catch (SimulatedDisk.Crash crash) {
      return false;
    }
  }

  private long highest() {
    return durable.values().stream().mapToLong(LiveSet::sequence).max().orElse(0);
  }

  private void append(SegmentLog log, Random random) throws Exception {
    List<LogRecord> facts = new ArrayList<>();
    long position = log.nextPosition();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      facts.add(Facts.nth((int) position + i));
    }
    hoped.tailMap(position, true).clear();
    for (int i = 0; i < count; i++) {
      hoped.put(position + i, facts.get(i));
    }
    log.append(
        Facts.entries(position, facts),
        done -> {
          durable.putAll(hoped.headMap(done, true));
          hoped.headMap(done, true).clear();
        });
  }

  private void check(SimulatedDisk disk, String when) throws Exception {
    JournalReader.Scan scan = SegmentLogs.scan(disk);
    TreeMap<Long, LogRecord> found = new TreeMap<>();
    scan.found().forEach(each -> found.put(each.entry().position(), each.entry().fact()));
    assertThat(scan.floor().sequence()).as(when).isLessThanOrEqualTo(floor);
    LiveSet live = new LiveSet();
    live.raiseFloor(floor);
    durable.forEach((position, fact) -> live.put(fact(position, fact), 1));
    // Found but not told: complete before the power went. It may supersede what was told.
    found.forEach((position, fact) -> live.put(fact(position, fact), 1));
    assertThat(found.keySet()).as(when).containsAll(live.positions(1));
    found.forEach(
        (position, fact) -> {
          LogRecord written = durable.getOrDefault(position, hoped.get(position));
          assertThat(written).as(when + ", position " + position).isNotNull();
          assertThat(Facts.RECORDS.encode(fact)).as(when).isEqualTo(Facts.RECORDS.encode(written));
        });
  }

  private static Entry.Fact fact(long position, LogRecord fact) {
    return new Entry.Fact(position, fact, Facts.RECORDS.encode(fact));
  }
}
