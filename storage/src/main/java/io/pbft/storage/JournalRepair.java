package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.crypto.Digest;
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
   * @param finding why the replica can't start from what is there, one line; null when it can, so
   *     that nothing needs to be repaired
   * @param lines for people: what can still be read and would be dropped, what would be moved where
   */
  public record Plan(String finding, List<String> lines) {
    public Plan {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Looks, and changes nothing. Reads everything, each chunk of each snapshot included.
   *
   * @param data the replica's data directory, not in use
   */
  public static Plan plan(Path data, Digest clusterId, int replica, Codec codec)
      throws IOException {
    return plan(new RealDisk(), data, new Identity(clusterId, replica), codec);
  }

  static Plan plan(Disk disk, Path data, Identity identity, Codec codec) throws IOException {
    List<String> lines = new ArrayList<>();
    String finding = new Inspection(disk, data, identity, codec).run(lines);
    for (String name : List.of(Names.JOURNAL, Names.SNAPSHOTS)) {
      List<String> files = disk.list(data.resolve(name));
      if (!files.isEmpty()) {
        lines.add("would move " + name + " (" + files.size() + " files) to " + aside(disk, data));
      }
    }
    lines.add("the replica would rejoin without state and without votes");
    return new Plan(finding, lines);
  }

  /** Reads what a start would, and more; keeps the first thing that is wrong. */
  private static final class Inspection {
    private final Disk disk;
    private final Path data;
    private final Identity identity;
    private final Codec codec;
    private String finding;

    Inspection(Disk disk, Path data, Identity identity, Codec codec) {
      this.disk = disk;
      this.data = data;
      this.identity = identity;
      this.codec = codec;
    }

    /** The finding, or null. */
    String run(List<String> lines) throws IOException {
      JournalReader.Scan scan = journal(lines);
      long newest = snapshots(lines);
      if (finding == null && scan != null) {
        try {
          Storage.requireTogether(data, scan, newest);
        } catch (JournalCorruptException e) {
          found(e);
        }
      }
      return finding;
    }

    private void found(Exception e) {
      finding = finding == null ? e.getMessage() : finding;
    }

    private JournalReader.Scan journal(List<String> lines) throws IOException {
      Tally tally = new Tally();
      JournalReader.Scan scan = null;
      try {
        scan =
            new JournalReader(disk, Names.journal(data), identity, new LogRecordCodec(codec), tally)
                .check();
      } catch (JournalCorruptException e) {
        found(e);
      }
      lines.add(
          "would drop "
              + tally.records
              + " readable records in "
              + tally.segments
              + " segments, votes up to sequence number "
              + tally.highest);
      return scan;
    }

    /** The highest sequence number of a sound snapshot, or 0. */
    private long snapshots(List<String> lines) throws IOException {
      Path directory = Names.snapshots(data);
      long newest = 0;
      for (String name : disk.list(directory)) {
        if (!Names.isSnapshot(name)) {
          continue;
        }
        try {
          SnapshotFile file = SnapshotFile.read(disk, directory.resolve(name), identity);
          requireSoundChunks(file);
          newest = Math.max(newest, file.sequence());
          lines.add("would drop the snapshot at " + file.sequence());
        } catch (JournalCorruptException | RottenSnapshotException e) {
          found(e);
          lines.add("would drop the unreadable snapshot " + name);
        }
      }
      return newest;
    }

    private void requireSoundChunks(SnapshotFile file) throws IOException {
      Path path = Names.snapshots(data).resolve(file.name());
      try (Disk.Handle handle = disk.open(path)) {
        for (SnapshotFile.Item item : file.items()) {
          ChunkFile.read(handle, path, item.offset(), item.length(), item.digest());
        }
      }
    }
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
    try (DirectoryLock held = Storage.lock(data)) {
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
