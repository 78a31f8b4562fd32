package io.pbft.storage;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Refusal;
import io.pbft.core.spi.LogRecord;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.zip.CRC32C;

/** Reads a journal, changing nothing. */
public final class JournalReader {
  private static final int CURRENT_BYTES = 12;

  private final Disk disk;
  private final Path directory;
  private final Identity expected;
  private final LogRecordCodec codec;
  private final Visitor visitor;
  private LongPredicate wanted = position -> true;
  private boolean keeping = true;

  /** Hears of what is read, in the order of the files. */
  interface Visitor {
    Visitor NONE = new Visitor() {};

    default void onSegment(SegmentHeader header) {}

    default void onGroup(long segment, long offset, Group group) {}

    /** The last segment ends here, in a group that was never complete. */
    default void onTorn(long segment, long offset) {}
  }

  /** Where a segment ends. */
  record Segment(SegmentHeader header, int end) {}

  /** An entry and the segment it was found in. */
  record Found(Entry.Fact entry, long segment) {}

  /** All there is. */
  record Scan(List<Segment> segments, List<Found> found, Entry.Floor floor, long nextGroup) {
    /** One above the highest position given away. */
    long nextPosition() {
      long next = floor.nextPosition();
      for (Found each : found) {
        next = Math.max(next, each.entry().position() + 1);
      }
      return next;
    }

    boolean isUntouched() {
      return nextPosition() == 1;
    }

    /** In the order in which the replica wrote them. */
    List<LogRecord> records() {
      TreeMap<Long, LogRecord> ordered = new TreeMap<>();
      for (Found each : found) {
        ordered.put(each.entry().position(), each.entry().fact());
      }
      return List.copyOf(ordered.values());
    }
  }

  /**
   * @param expected whose journal it must be, or null for anybody's
   */
  JournalReader(
      Disk disk, Path directory, Identity expected, LogRecordCodec codec, Visitor visitor) {
    this.disk = disk;
    this.directory = directory;
    this.expected = expected;
    this.codec = codec;
    this.visitor = visitor;
  }

  /**
   * The records of a replica's journal, oldest first. Records that a later one replaces (an older
   * view's of the same kind) and those at or below the discarded checkpoint may be among them or
   * not. An incomplete group at the very end, which never counted as durable, is left out.
   *
   * @param data the replica's data directory
   * @throws JournalCorruptException if anything else is wrong
   */
  public static List<LogRecord> read(Path data, Digest clusterId, int replica, Codec codec)
      throws IOException, JournalCorruptException {
    return new JournalReader(
            new RealDisk(),
            Names.journal(data),
            new Identity(clusterId, replica),
            new LogRecordCodec(codec),
            Visitor.NONE)
        .scan()
        .records();
  }

  /** Checks everything, and keeps no record: for those who listen, or only want to know. */
  Scan check() throws IOException, JournalCorruptException {
    keeping = false;
    return scan();
  }

  Scan scan() throws IOException, JournalCorruptException {
    TreeMap<Long, Path> files = new TreeMap<>();
    for (String name : disk.list(directory)) {
      if (Names.segmentIndex(name) >= 0) {
        files.put(Names.segmentIndex(name), directory.resolve(name));
      }
    }
    List<Segment> segments = new ArrayList<>();
    List<Found> found = new ArrayList<>();
    Entry.Floor floor = Entry.Floor.NONE;
    long nextGroup = 1;
    for (Map.Entry<Long, Path> file : files.entrySet()) {
      long index = file.getKey();
      byte[] content = disk.readAll(file.getValue());
      SegmentHeader header = header(file.getValue(), content, index);
      if (!segments.isEmpty()) {
        requireFollows(segments.get(segments.size() - 1), nextGroup, header);
      }
      List<Group> groups = new ArrayList<>();
      int end = readGroups(file.getValue(), content, header, index == files.lastKey(), groups);
      for (Group group : groups) {
        floor = collect(group, index, found, floor);
      }
      nextGroup = header.firstGroup() + groups.size();
      segments.add(new Segment(header, end));
    }
    if (!files.isEmpty() && files.firstKey() > floor.firstSegment()) {
      throw missing(files.firstKey() - 1);
    }
    // Last, so that the visitor has heard of everything that is there.
    requireYoungest(files);
    found.sort(Comparator.comparingLong(each -> each.entry().position()));
    return new Scan(segments, found, floor, nextGroup);
  }

  private void requireFollows(Segment before, long nextGroup, SegmentHeader header)
      throws JournalCorruptException {
    if (header.index() != before.header().index() + 1) {
      throw missing(before.header().index() + 1);
    }
    if (header.firstGroup() != nextGroup) {
      throw cutShort(before, nextGroup, header);
    }
  }

  /** Reads some records of one segment that is not the youngest, telling the visitor. */
  void readSegment(long index, LongPredicate only) throws IOException, JournalCorruptException {
    wanted = only;
    Path file = directory.resolve(Names.segment(index));
    byte[] content = disk.readAll(file);
    SegmentHeader header = header(file, content, index);
    readGroups(file, content, header, false, new ArrayList<>());
  }

  private Entry.Floor collect(Group group, long segment, List<Found> found, Entry.Floor floor) {
    Entry.Floor latest = floor;
    for (Entry entry : group.entries()) {
      if (entry instanceof Entry.Fact fact && keeping) {
        found.add(new Found(fact, segment));
      } else if (entry instanceof Entry.Floor next) {
        latest = next;
      }
    }
    return latest;
  }

  private SegmentHeader header(Path file, byte[] content, long index)
      throws JournalCorruptException {
    SegmentHeader header = SegmentHeader.decode(file, content, index);
    if (expected != null) {
      expected.requireSame(file, header.identity());
    }
    visitor.onSegment(header);
    return header;
  }

  /** Reads the groups of one segment; the offset where they end. */
  private int readGroups(
      Path file, byte[] content, SegmentHeader header, boolean last, List<Group> into)
      throws JournalCorruptException {
    ByteBuffer segment = ByteBuffer.wrap(content);
    int at = SegmentHeader.BYTES;
    for (int length = Frames.soundBody(segment, at, header.salt());
        length > 0;
        length = Frames.soundBody(segment, at, header.salt())) {
      int body = at + Frames.HEADER_BYTES;
      Group group = decode(file, at, Arrays.copyOfRange(content, body, body + length));
      long ordinal = header.firstGroup() + into.size();
      if (group.ordinal() != ordinal) {
        throw JournalCorruptException.damaged(
            file, at, "group " + group.ordinal() + ", expected group " + ordinal);
      }
      into.add(group);
      visitor.onGroup(header.index(), at, group);
      at += Frames.paddedBytes(length);
    }
    if (last) {
      requireNothingAfter(file, segment, at, header);
    }
    return at;
  }

  /** At the end a group may be incomplete; but then nothing was written after it. */
  private void requireNothingAfter(Path file, ByteBuffer segment, int end, SegmentHeader header)
      throws JournalCorruptException {
    int next = Frames.nextSound(segment, end, header.salt());
    if (next >= 0) {
      throw JournalCorruptException.damaged(
          file,
          end,
          "the group's checksum does not match, and a sound one follows at offset "
              + next
              + ": expected a sound group");
    }
    if (end + 4 <= segment.limit() && segment.getInt(end) != 0) {
      visitor.onTorn(header.index(), end);
    }
  }

  private Group decode(Path file, int at, byte[] body) throws JournalCorruptException {
    try {
      return Group.read(body, codec, wanted);
    } catch (Refusal refusal) {
      throw JournalCorruptException.damaged(
          file,
          at,
          "the group's checksum matches, but its records can't be read ("
              + refusal.reason()
              + "): expected records within the cluster's limits");
    }
  }

  private JournalCorruptException cutShort(Segment before, long nextGroup, SegmentHeader header) {
    return JournalCorruptException.damaged(
        directory.resolve(Names.segment(before.header().index())),
        before.end(),
        "expected a sound group "
            + nextGroup
            + ", since segment "
            + header.index()
            + " begins with group "
            + header.firstGroup());
  }

  private JournalCorruptException missing(long index) {
    return JournalCorruptException.damaged(
        directory.resolve(Names.segment(index)), -1, "the segment is missing");
  }

  private void requireYoungest(TreeMap<Long, Path> files)
      throws IOException, JournalCorruptException {
    Path current = directory.resolve(Names.CURRENT);
    if (!disk.exists(current)) {
      // The very first segment is there a moment earlier than the note of it.
      if (!files.isEmpty() && files.lastKey() > 1) {
        throw JournalCorruptException.damaged(
            current, -1, "is missing: expected it beside the segments");
      }
      return;
    }
    long youngest = youngest(current, disk.readAll(current));
    if (files.isEmpty() || files.lastKey() < youngest) {
      throw missing(youngest);
    }
  }

  private static long youngest(Path file, byte[] content) throws JournalCorruptException {
    ByteBuffer in = ByteBuffer.wrap(content);
    if (content.length != CURRENT_BYTES || in.getInt(8) != crc(content)) {
      throw JournalCorruptException.damaged(
          file, 0, "the checksum does not match: expected the number of the youngest segment");
    }
    return in.getLong(0);
  }

  /** The content of the note that names the youngest segment. */
  static byte[] current(long youngest) {
    byte[] content = new byte[CURRENT_BYTES];
    ByteBuffer out = ByteBuffer.wrap(content).putLong(0, youngest);
    out.putInt(8, crc(content));
    return content;
  }

  private static int crc(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(Names.CURRENT.getBytes(StandardCharsets.US_ASCII));
    crc.update(content, 0, 8);
    return (int) crc.getValue();
  }
}
