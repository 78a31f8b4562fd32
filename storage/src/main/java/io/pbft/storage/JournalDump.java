package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** What is in a replica's data directory, for people who debug; changes nothing. */
public final class JournalDump {
  private JournalDump() {}

  /**
   * One thing found.
   *
   * @param file below the data directory
   * @param offset in bytes from the file's beginning
   * @param position the record's place in the order of the replica's life, from 1; 0 for what is no
   *     record of the replica
   * @param type a record's: {@code pre-prepared prepared left-view entered-view checkpoint stable};
   *     else {@code snapshot segment discarded incomplete}
   * @param view -1 where there is none
   * @param sequence -1 where there is none
   * @param digest of the batch, the message or the state; null where there is none
   * @param detail more words, may be empty
   */
  public record Line(
      String file,
      long offset,
      long position,
      String type,
      long view,
      long sequence,
      Digest digest,
      String detail) {}

  /**
   * Tells the snapshots, oldest first, then the journal in the order of its files, as far as each
   * can be read. Of a running replica the end may be missing, and what is found wrong may be of the
   * moment.
   *
   * @param data the replica's data directory
   * @throws JournalCorruptException the first thing found wrong, after all lines have been told
   */
  public static void read(Path data, Codec codec, Consumer<Line> out)
      throws IOException, JournalCorruptException {
    read(new RealDisk(), data, codec, out);
  }

  static void read(Disk disk, Path data, Codec codec, Consumer<Line> out)
      throws IOException, JournalCorruptException {
    JournalCorruptException finding = readSnapshots(disk, Names.snapshots(data), out);
    new JournalReader(disk, Names.journal(data), null, new LogRecordCodec(codec), new Teller(out))
        .check();
    if (finding != null) {
      throw finding;
    }
  }

  private static JournalCorruptException readSnapshots(
      Disk disk, Path directory, Consumer<Line> out) throws IOException {
    JournalCorruptException finding = null;
    for (String name : disk.list(directory)) {
      if (!Names.isSnapshot(name)) {
        continue;
      }
      try {
        out.accept(describe(SnapshotFile.read(disk, directory.resolve(name), null)));
      } catch (JournalCorruptException e) {
        finding = finding == null ? e : finding;
      }
    }
    return finding;
  }

  private static Line describe(SnapshotFile file) {
    long bytes = file.items().stream().mapToLong(SnapshotFile.Item::length).sum();
    String detail =
        "version "
            + SnapshotFile.VERSION
            + ", "
            + count(file.items().size(), "new chunk")
            + " of "
            + count(bytes, "byte")
            + ", "
            + count(file.fileBytes(), "byte")
            + " here";
    String name = Names.SNAPSHOTS + "/" + file.name();
    return new Line(name, 0, 0, "snapshot", -1, file.sequence(), file.root(), detail);
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static final class Teller implements JournalReader.Visitor {
    private final Consumer<Line> out;

    Teller(Consumer<Line> out) {
      this.out = out;
    }

    private void note(long segment, long offset, String type, long sequence, String detail) {
      out.accept(new Line(file(segment), offset, 0, type, -1, sequence, null, detail));
    }

    private static String file(long segment) {
      return Names.JOURNAL + "/" + Names.segment(segment);
    }

    @Override
    public void onSegment(SegmentHeader header) {
      String detail =
          "version "
              + SegmentHeader.VERSION
              + ", replica "
              + header.identity().replica()
              + ", cluster "
              + header.identity().clusterId().toHex()
              + ", from group "
              + header.firstGroup();
      note(header.index(), 0, "segment", -1, detail);
    }

    @Override
    public void onGroup(long segment, long offset, Group group) {
      long at = offset + Frames.HEADER_BYTES + Group.HEAD_BYTES;
      for (Entry entry : group.entries()) {
        if (entry instanceof Entry.Fact fact) {
          out.accept(describe(file(segment), at, fact));
        } else if (entry instanceof Entry.Floor floor) {
          String detail = "segments below " + floor.firstSegment() + ", votes up to the number";
          note(segment, at, "discarded", floor.sequence(), detail);
        }
        at += Group.ENTRY_HEAD_BYTES + entry.bytes();
      }
    }

    @Override
    public void onTorn(long segment, long offset) {
      note(segment, offset, "incomplete", -1, "a group cut short: dropped at the next start");
    }
  }

  private static Line describe(String file, long offset, Entry.Fact entry) {
    LogRecord fact = entry.fact();
    long position = entry.position();
    if (fact instanceof LogRecord.PrePrepared r) {
      String detail = count(r.batch().requests().size(), "request");
      Digest digest = r.batch().digest();
      return new Line(
          file, offset, position, "pre-prepared", r.view(), r.sequence(), digest, detail);
    } else if (fact instanceof LogRecord.Prepared r) {
      return new Line(file, offset, position, "prepared", r.view(), r.sequence(), r.digest(), "");
    } else if (fact instanceof LogRecord.LeftView r) {
      long stable = r.viewChange().stable();
      Digest digest = r.envelope().digest();
      return new Line(
          file, offset, position, "left-view", r.viewChange().view(), stable, digest, "");
    } else if (fact instanceof LogRecord.EnteredView r) {
      long start = r.newView().start();
      Digest digest = r.envelope().digest();
      return new Line(
          file, offset, position, "entered-view", r.newView().view(), start, digest, "");
    } else if (fact instanceof LogRecord.Checkpointed r) {
      return new Line(file, offset, position, "checkpoint", -1, r.sequence(), r.digest(), "");
    } else if (fact instanceof LogRecord.Stable r) {
      String detail = "proof of " + r.proof().size();
      return new Line(file, offset, position, "stable", -1, r.sequence(), r.digest(), detail);
    }
    throw new IllegalStateException("a record without a description: " + fact.getClass());
  }
}
