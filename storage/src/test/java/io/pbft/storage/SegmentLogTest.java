package io.pbft.storage;

import static io.pbft.storage.SegmentLogs.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.core.spi.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SegmentLogTest {
  private static final int SEGMENT = 8 * 1024;

  private final SimulatedDisk disk = new SimulatedDisk(1);

  private static List<LogRecord> facts(int count) {
    return IntStream.range(0, count).mapToObj(Facts::nth).toList();
  }

  private List<String> read() throws Exception {
    return Facts.texts(SegmentLogs.scan(disk).records());
  }

  @Test
  void everyKindOfRecordIsThereAfterReopening() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, SEGMENT, 1)) {
      SegmentLogs.appendOneByOne(log, Facts.everyKind());
    }
    assertThat(read()).isEqualTo(Facts.texts(Facts.everyKind()));
  }

  @Test
  void recordsGoOnAfterReopeningAcrossManySegments() throws Exception {
    List<LogRecord> all = facts(120);
    for (int from = 0; from < all.size(); from += 10) {
      try (SegmentLog log = SegmentLogs.open(disk, SEGMENT, from)) {
        assertThat(log.nextPosition()).isEqualTo(from + 1);
        SegmentLogs.appendOneByOne(log, all.subList(from, from + 5));
        log.append(Facts.entries(from + 6, all.subList(from + 5, from + 10)), position -> {});
      }
    }
    assertThat(read()).isEqualTo(Facts.texts(all));
    assertThat(SegmentLogs.scan(disk).segments().size()).isGreaterThan(4);
  }

  @Test
  void cutAtEveryByteTheCompleteRecordsRemain() throws Exception {
    List<LogRecord> all = facts(8);
    List<Integer> ends = new ArrayList<>();
    try (SegmentLog log = SegmentLogs.open(disk, SEGMENT, 1)) {
      for (LogRecord fact : all) {
        SegmentLogs.appendOneByOne(log, List.of(fact));
        ends.add(SegmentLogs.scan(disk).segments().get(0).end());
      }
    }
    byte[] whole = disk.bytes(segment(1));
    for (int length = SegmentHeader.BYTES; length <= ends.get(7); length++) {
      int cut = length;
      disk.put(segment(1), whole);
      disk.cut(segment(1), cut);
      int complete = (int) ends.stream().filter(end -> end <= cut).count();
      assertThat(read()).isEqualTo(Facts.texts(all.subList(0, complete)));
      if (cut % 97 == 0) {
        appendsAfter(all.subList(0, complete));
      }
    }
  }

  private void appendsAfter(List<LogRecord> before) throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, SEGMENT, 2)) {
      SegmentLogs.appendOneByOne(log, List.of(Facts.prepared(9, 9)));
    }
    List<LogRecord> expected = new ArrayList<>(before);
    expected.add(Facts.prepared(9, 9));
    assertThat(read()).isEqualTo(Facts.texts(expected));
  }

  @Test
  void anyFlippedBitIsFoundOrCutsTheEnd() throws Exception {
    List<LogRecord> all = facts(4);
    try (SegmentLog log = SegmentLogs.open(disk, 4096, 1)) {
      SegmentLogs.appendOneByOne(log, all);
    }
    List<String> whole = Facts.texts(all);
    int end = SegmentLogs.scan(disk).segments().get(0).end();
    int refused = 0;
    int cut = 0;
    for (long bit = 0; bit < 8L * end; bit++) {
      disk.flip(segment(1), bit);
      try {
        List<String> found = read();
        assertThat(whole.subList(0, found.size())).isEqualTo(found);
        // Only the last record, which can't be told from one that was never complete.
        assertThat(found.size()).isGreaterThanOrEqualTo(whole.size() - 1);
        cut += found.size() < whole.size() ? 1 : 0;
      } catch (JournalCorruptException e) {
        refused++;
      }
      disk.flip(segment(1), bit);
    }
    assertThat(refused).isEqualTo(8 * (end - 512));
    assertThat(cut).isEqualTo(8 * 512);
  }

  @Test
  void aFlippedBitInAnEarlierSegmentIsRefusedWithFileAndOffset() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, 4096, 1)) {
      SegmentLogs.appendOneByOne(log, facts(12));
    }
    List<JournalReader.Segment> segments = SegmentLogs.scan(disk).segments();
    assertThat(segments.size()).isGreaterThan(1);
    int lastGroup = segments.get(0).end() - 512;
    for (int offset : new int[] {512, 1024, lastGroup}) {
      disk.flip(segment(1), 8L * (offset + 20));
      assertThatThrownBy(this::read)
          .isInstanceOf(JournalCorruptException.class)
          .hasMessageContaining("segment-000000000001 at offset " + offset + ":")
          .hasMessageContaining("expected a sound group")
          .hasMessageContaining("./pbft repair DIR ID");
      disk.flip(segment(1), 8L * (offset + 20));
    }
  }

  @Test
  void aMissingSegmentIsRefusedWhereverItWas() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, 4096, 1)) {
      SegmentLogs.appendOneByOne(log, facts(30));
    }
    int count = SegmentLogs.scan(disk).segments().size();
    assertThat(count).isGreaterThan(3);
    for (long index : new long[] {1, 2, count}) {
      byte[] content = disk.bytes(segment(index));
      disk.delete(segment(index));
      assertThatThrownBy(this::read)
          .isInstanceOf(JournalCorruptException.class)
          .hasMessageContaining(Names.segment(index) + ": the segment is missing");
      disk.put(segment(index), content);
    }
    assertThat(read()).hasSize(30);
  }

  @Test
  void aSegmentUnderAnotherNameIsRefused() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, 4096, 1)) {
      SegmentLogs.appendOneByOne(log, facts(12));
    }
    disk.put(segment(1), disk.bytes(segment(2)));
    assertThatThrownBy(this::read)
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("is segment 2 by its header, expected segment 1");
  }

  @Test
  void anotherClustersOrReplicasJournalIsRefused() throws Exception {
    SegmentLogs.open(disk, 4096, 1).close();
    assertThatThrownBy(() -> SegmentLogs.scan(disk, new Identity(Facts.digest("other"), 2)))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("belongs to cluster " + Facts.IDENTITY.clusterId())
        .hasMessageContaining("expected cluster " + Facts.digest("other"));
    assertThatThrownBy(() -> SegmentLogs.scan(disk, new Identity(Facts.IDENTITY.clusterId(), 3)))
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("belongs to replica 2, expected replica 3");
  }

  @Test
  void aNewerVersionIsRefusedAsSuch() throws Exception {
    SegmentLogs.open(disk, 4096, 1).close();
    byte[] content = disk.bytes(segment(1));
    content[11] = 2;
    disk.put(segment(1), content);
    assertThatThrownBy(this::read)
        .isInstanceOf(JournalCorruptException.class)
        .hasMessageContaining("format version 2, this program reads up to 1")
        .hasMessageNotContaining("repair");
  }

  @Test
  void aRecycledSegmentsOldRecordsNeverPass() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, 4096, 1)) {
      for (int round = 1; round <= 40; round++) {
        List<LogRecord> round8 =
            List.of(
                Facts.prePrepared(0, round),
                Facts.prepared(0, round),
                Facts.checkpointed(round),
                Facts.stable(round));
        SegmentLogs.appendOneByOne(log, round8);
        log.collect(round);
        List<String> found = read();
        assertThat(found).contains(Facts.texts(round8).get(3));
        assertThat(found).doesNotHaveDuplicates();
      }
      assertThat(log.segments()).isLessThanOrEqualTo(4);
    }
    assertThat(disk.list(SegmentLogs.DIRECTORY)).anyMatch(Names::isSpare);
  }

  @Test
  void discardingKeepsWhatIsNeededAndBoundsTheDisk() throws Exception {
    LogRecord left = Facts.leftView(3);
    LogRecord entered = Facts.enteredView(3);
    SegmentLog log = SegmentLogs.open(disk, SEGMENT, 1);
    SegmentLogs.appendOneByOne(log, List.of(Facts.leftView(2), left, entered));
    for (int s = 1; s <= 2000; s++) {
      log.append(
          Facts.entries(log.nextPosition(), List.of(Facts.prePrepared(3, s), Facts.prepared(3, s))),
          position -> {});
      if (s % 10 == 0) {
        SegmentLogs.appendOneByOne(log, List.of(Facts.checkpointed(s), Facts.stable(s - 5)));
        log.collect(s - 5);
        assertThat(disk.usedBytes()).isLessThanOrEqualTo((log.allowedSegments() + 3) * SEGMENT);
      }
      if (s % 500 == 0) {
        log.close();
        log = SegmentLogs.open(disk, SEGMENT, s);
      }
    }
    log.close();
    List<String> found = read();
    List<LogRecord> needed = new ArrayList<>(List.of(left, entered, Facts.checkpointed(2000)));
    needed.add(Facts.stable(1995));
    for (int s = 1996; s <= 2000; s++) {
      needed.add(Facts.prePrepared(3, s));
      needed.add(Facts.prepared(3, s));
    }
    assertThat(found).containsAll(Facts.texts(needed));
    assertThat(found.indexOf(Facts.texts(List.of(left)).get(0)))
        .as("carried over, and still the oldest")
        .isZero();
    assertThat(found.size()).isLessThan(200);
  }

  @Test
  void viewChangesWithoutProgressDoNotFillTheDisk() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, SEGMENT, 1)) {
      for (int view = 1; view < 600; view++) {
        SegmentLogs.appendOneByOne(
            log,
            List.of(Facts.leftView(view), Facts.enteredView(view), Facts.prePrepared(view, 1)));
        log.collect(0);
        assertThat(disk.usedBytes()).isLessThanOrEqualTo((log.allowedSegments() + 3) * SEGMENT);
      }
    }
    assertThat(read())
        .containsAll(
            Facts.texts(
                List.of(Facts.leftView(599), Facts.enteredView(599), Facts.prePrepared(599, 1))));
  }

  @Test
  void aDamagedSegmentIsNotCarriedOver() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, 4096, 1)) {
      SegmentLogs.appendOneByOne(log, facts(30));
      disk.flip(segment(1), 8L * 1100);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  SegmentLogs.appendOneByOne(log, List.of(Facts.leftView(100 + i)));
                  log.collect(0);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("segment-000000000001");
    }
  }

  @Test
  void aRecordLargerThanASegmentFails() throws Exception {
    try (SegmentLog log = SegmentLogs.open(disk, 1024, 1)) {
      LogRecord large = new LogRecord.PrePrepared(0, 1, Facts.batch(1, 1000));
      assertThatThrownBy(() -> SegmentLogs.appendOneByOne(log, List.of(large)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not fit into a segment of 1024");
    }
  }
}
