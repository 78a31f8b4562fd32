package io.pbft.storage;

import io.pbft.core.spi.LogRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/** Logs on a simulated disk. */
final class SegmentLogs {
  static final Path DIRECTORY = Path.of("/data/journal");

  private SegmentLogs() {}

  static JournalReader.Scan scan(Disk disk) throws IOException, JournalCorruptException {
    return scan(disk, Facts.IDENTITY);
  }

  static JournalReader.Scan scan(Disk disk, Identity identity)
      throws IOException, JournalCorruptException {
    return new JournalReader(disk, DIRECTORY, identity, Facts.RECORDS, JournalReader.Visitor.NONE)
        .scan();
  }

  static SegmentLog open(Disk disk, int segmentBytes, long seed)
      throws IOException, JournalCorruptException {
    LongSupplier salts = new Random(seed)::nextLong;
    return SegmentLog.resume(
        new SegmentLog.Setup(
            disk, DIRECTORY, Facts.IDENTITY, Facts.RECORDS, segmentBytes, true, salts),
        scan(disk));
  }

  /** Each record in a group of its own. */
  static void appendOneByOne(SegmentLog log, List<LogRecord> facts) throws IOException {
    for (LogRecord fact : facts) {
      log.append(Facts.entries(log.nextPosition(), List.of(fact)), position -> {});
    }
  }

  static Path segment(long index) {
    return DIRECTORY.resolve(Names.segment(index));
  }
}
