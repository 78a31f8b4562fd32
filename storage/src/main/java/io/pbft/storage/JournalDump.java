package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.spi.LogRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/** Prints a journal for people who debug: a line a record, in the order of the files. */
public final class JournalDump {
  private static final int SHOWN_DIGITS = 16;

  private JournalDump() {}

  /**
   * Prints {@code position type view sequence digest} lines under a line a segment, as far as the
   * journal can be read; changes nothing. Of a running replica's journal the end may be missing.
   *
   * @param data the replica's data directory
   * @throws JournalCorruptException after the last line before the damage
   */
  public static void print(Path data, Codec codec, Appendable out)
      throws IOException, JournalCorruptException {
    print(new RealDisk(), data, codec, out);
  }

  static void print(Disk disk, Path data, Codec codec, Appendable out)
      throws IOException, JournalCorruptException {
    try {
      new JournalReader(
              disk, Names.journal(data), null, new LogRecordCodec(codec), new Printer(out))
          .scan();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static final class Printer implements JournalReader.Visitor {
    private final Appendable out;

    Printer(Appendable out) {
      this.out = out;
    }

    private void line(String format, Object... values) {
      try {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void onSegment(SegmentHeader header) {
      line(
          "segment %d  version %d  replica %d  cluster %s  from group %d",
          header.index(),
          SegmentHeader.VERSION,
          header.identity().replica(),
          header.identity().clusterId(),
          header.firstGroup());
    }

    @Override
    public void onGroup(long segment, long offset, Group group) {
      for (Entry entry : group.entries()) {
        if (entry instanceof Entry.Fact fact) {
          line("%10d  %s", fact.position(), describe(fact.fact()));
        } else if (entry instanceof Entry.Floor floor) {
          line(
              "%10s  %-13s segments below %d, votes up to s=%d",
              "-", "discarded", floor.firstSegment(), floor.sequence());
        }
      }
    }

    @Override
    public void onTorn(long segment, long offset) {
      line("%10s  an incomplete group at offset %d: cut off at the next start", "-", offset);
    }
  }

  private static String describe(LogRecord fact) {
    if (fact instanceof LogRecord.PrePrepared r) {
      return vote("pre-prepared", r.view(), r.sequence(), r.batch().digest().toHex())
          + "  requests="
          + r.batch().requests().size();
    } else if (fact instanceof LogRecord.Prepared r) {
      return vote("prepared", r.view(), r.sequence(), r.digest().toHex());
    } else if (fact instanceof LogRecord.LeftView r) {
      return vote(
          "left-view",
          r.viewChange().view(),
          r.viewChange().stable(),
          r.envelope().digest().toHex());
    } else if (fact instanceof LogRecord.EnteredView r) {
      return vote(
          "entered-view", r.newView().view(), r.newView().start(), r.envelope().digest().toHex());
    } else if (fact instanceof LogRecord.Checkpointed r) {
      return vote("checkpoint", -1, r.sequence(), r.digest().toHex());
    } else if (fact instanceof LogRecord.Stable r) {
      return vote("stable", -1, r.sequence(), r.digest().toHex()) + "  proof=" + r.proof().size();
    }
    throw new IllegalStateException("a record without a description: " + fact.getClass());
  }

  private static String vote(String type, long view, long sequence, String digest) {
    return String.format(
        Locale.ROOT,
        "%-13s v=%-6s s=%-10d %s",
        type,
        view < 0 ? "-" : Long.toString(view),
        sequence,
        digest.substring(0, SHOWN_DIGITS));
  }
}
