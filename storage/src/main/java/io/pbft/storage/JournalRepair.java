package io.pbft.storage;

import io.pbft.core.codec.Codec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a replica with a damaged data directory a new beginning: what it has is moved aside, not
 * deleted, and the replica rejoins as one that has forgotten what it voted for: it fetches the
 * state from the others and does not vote where it may have voted before. More than f replicas
 * repaired at the same time lose what only they knew.
 */
public final class JournalRepair {
  private static final String ASIDE = "dropped-";
  private static final String MARKER =
      "This replica has forgotten what it voted for; it must not vote where it may have voted"
          + " before.\nThe replica deletes this file itself when it may vote again.\n";

  private JournalRepair() {}

  /**
   * What a repair would drop.
   *
   * @param sound whether the journal reads without any finding: then a repair is not needed
   * @param lines for people: what is wrong, what can still be read, what would be moved where
   */
  public record Plan(boolean sound, List<String> lines) {
    public Plan {
      lines = List.copyOf(lines);
    }
  }

  /** Looks, and changes nothing. */
  public static Plan plan(Path data, Codec codec) throws IOException {
    return plan(new RealDisk(), data, codec);
  }

  static Plan plan(Disk disk, Path data, Codec codec) throws IOException {
    List<String> lines = new ArrayList<>();
    String finding = finding(disk, data, codec, lines);
    lines.add(0, finding == null ? "the journal and the snapshots are sound" : finding);
    for (String name : List.of(Names.JOURNAL, Names.SNAPSHOTS)) {
      List<String> files = disk.list(data.resolve(name));
      if (!files.isEmpty()) {
        lines.add("would move " + name + " (" + files.size() + " files) to " + aside(disk, data));
      }
    }
    lines.add("the replica would rejoin without state and without votes");
    return new Plan(finding == null, lines);
  }

  private static String finding(Disk disk, Path data, Codec codec, List<String> lines)
      throws IOException {
    Tally tally = new Tally();
    String finding = null;
    try {
      new JournalReader(disk, Names.journal(data), null, new LogRecordCodec(codec), tally).scan();
    } catch (JournalCorruptException e) {
      finding = e.getMessage();
    }
    lines.add(
        "would drop "
            + tally.records
            + " readable records in "
            + tally.segments
            + " segments, votes up to sequence number "
            + tally.highest);
    for (String name : disk.list(Names.snapshots(data))) {
      if (Names.isSnapshot(name)) {
        try {
          SnapshotFile file = SnapshotFile.read(disk, Names.snapshots(data).resolve(name), null);
          lines.add("would drop the snapshot at " + file.sequence());
        } catch (JournalCorruptException e) {
          lines.add("would drop a damaged snapshot");
          finding = finding == null ? e.getMessage() : finding;
        }
      }
    }
    return finding;
  }

  private static final class Tally implements JournalReader.Visitor {
    private int segments;
    private int records;
    private long highest;

    @Override
    public void onSegment(SegmentHeader header) {
      segments++;
    }

    @Override
    public void onGroup(long segment, long offset, Group group) {
      for (Entry entry : group.entries()) {
        if (entry instanceof Entry.Fact fact) {
          records++;
          highest = Math.max(highest, LiveSet.sequence(fact.fact()));
        }
      }
    }
  }

  /**
   * Moves journal and snapshots aside and leaves the marker by which the replica knows that it has
   * forgotten. May be repeated after an interruption.
   *
   * @return where it was moved
   * @throws IOException if it can't be done, or a replica is running on the directory
   */
  public static Path apply(Path data) throws IOException {
    Disk disk = new RealDisk();
    if (!disk.exists(data)) {
      throw new IOException(data + ": no such data directory");
    }
    try (Closeable lock = Storage.lockExisting(data)) {
      return apply(disk, data);
    }
  }

  static Path apply(Disk disk, Path data) throws IOException {
    // First the marker: from here on the replica never takes a part for the whole.
    forget(disk, data);
    Path aside = data.resolve(aside(disk, data));
    disk.createDirectories(aside);
    for (String name : List.of(Names.JOURNAL, Names.SNAPSHOTS)) {
      if (disk.exists(data.resolve(name))) {
        disk.rename(data.resolve(name), aside.resolve(name));
      }
    }
    disk.syncDirectory(aside);
    disk.syncDirectory(data);
    return aside;
  }

  /**
   * Leaves the marker alone: for a replica whose data directory is new although it has lived before
   * (its disk was replaced).
   */
  public static void forget(Path data) throws IOException {
    Disk disk = new RealDisk();
    disk.createDirectories(data);
    forget(disk, data);
  }

  private static void forget(Disk disk, Path data) throws IOException {
    disk.writeAtomically(data.resolve(Names.FORGOTTEN), MARKER.getBytes(StandardCharsets.UTF_8));
  }

  static void remember(Disk disk, Path data) throws IOException {
    Path marker = data.resolve(Names.FORGOTTEN);
    if (disk.exists(marker)) {
      disk.delete(marker);
      disk.syncDirectory(data);
    }
  }

  private static String aside(Disk disk, Path data) throws IOException {
    int number = 1;
    while (disk.exists(data.resolve(ASIDE + number))) {
      number++;
    }
    return ASIDE + number;
  }
}
