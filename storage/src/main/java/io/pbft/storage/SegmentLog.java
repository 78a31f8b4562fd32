package io.pbft.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The journal as files: appends groups, begins new segments, and keeps the number of segments
 * within {@link #allowedSegments} by carrying what is still needed of the oldest over to the
 * youngest.
 *
 * <p>In sync mode a group is written only when the one before is durable, so that after a loss of
 * power at most the last group is incomplete. After any exception the log must not be used again,
 * only closed. Not thread safe.
 */
final class SegmentLog implements Closeable {
  /** Bytes of a group's body at most, when it has more than one entry. */
  static final int MAX_GROUP_BYTES = 4 * 1024 * 1024;

  /** What is written where. */
  record Setup(
      Disk disk,
      Path directory,
      Identity identity,
      LogRecordCodec codec,
      int segmentBytes,
      boolean sync,
      LongSupplier salts) {}

  private record Segment(long index, boolean reusable) {}

  private final Setup setup;
  private final SegmentFiles files;
  private final LiveSet live = new LiveSet();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private Disk.Handle current;
  private long currentSalt;
  private int end;
  private long nextGroup;
  private long nextPosition;
  private boolean dirty;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

  private SegmentLog(Setup setup) {
    this.setup = setup;
    this.files =
        new SegmentFiles(setup.disk(), setup.directory(), setup.segmentBytes(), setup.salts());
  }

  /** Goes on after what was found. What was found is durable when this returns. */
  static SegmentLog resume(Setup setup, JournalReader.Scan scan) throws IOException {
    SegmentLog log = new SegmentLog(setup);
    try {
      log.open(scan);
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private void open(JournalReader.Scan scan) throws IOException {
    files.open();
    nextGroup = scan.nextGroup();
    nextPosition = scan.nextPosition();
    live.raiseFloor(scan.floor().sequence());
    scan.found().forEach(found -> live.put(found.entry(), found.segment()));
    for (JournalReader.Segment segment : scan.segments()) {
      long index = segment.header().index();
      try (Disk.Handle handle = setup.disk().open(files.path(index))) {
        segments.add(new Segment(index, handle.size() == setup.segmentBytes()));
      }
    }
    if (!segments.isEmpty()) {
      renew(scan.segments().get(segments.size() - 1));
      // An earlier life may have ended between beginning the segment and noting it.
      files.noteYoungest(segments.getLast().index());
    }
    if (segments.isEmpty()) {
      begin(1);
    }
  }

  /**
   * Writes the youngest segment's content once more: what was read may be in the operating system's
   * cache only, of an fsync that failed or was never made, and an fsync now would not tell. What
   * follows its end is cleared.
   */
  private void renew(JournalReader.Segment youngest) throws IOException {
    Path file = files.path(youngest.header().index());
    byte[] content = setup.disk().readAll(file);
    end = youngest.end();
    currentSalt = youngest.header().salt();
    current = setup.disk().open(file);
    current.write(ByteBuffer.wrap(content, 0, end), 0);
    SegmentFiles.zero(current, end, Math.max(content.length, setup.segmentBytes()));
    current.force(true);
  }

  /** The position of the next record. */
  long nextPosition() {
    return nextPosition;
  }

  /**
   * Writes records, in order, in as few groups as possible.
   *
   * @param done told the position of the last record of each group, once durable (in async mode:
   *     written)
   */
  void append(List<Entry> entries, LongConsumer done) throws IOException {
    int from = 0;
    while (from < entries.size()) {
      int to = groupEnd(entries, from);
      if (to == from) {
        roll();
        to = groupEnd(entries, from);
        requireFits(entries, from, to);
      }
      List<Entry> group = entries.subList(from, to);
      write(group);
      if (group.get(group.size() - 1) instanceof Entry.Fact last) {
        nextPosition = Math.max(nextPosition, last.position() + 1);
        done.accept(last.position());
      }
      from = to;
    }
  }

  private void requireFits(List<Entry> entries, int from, int to) throws IOException {
    if (to == from) {
      throw new IOException(
          "a record of "
              + entries.get(from).bytes()
              + " bytes does not fit into a segment of "
              + setup.segmentBytes());
    }
  }

  /** End of the longest group from an index that fits into the current segment. */
  private int groupEnd(List<Entry> entries, int from) {
    int room = setup.segmentBytes() - end;
    long bytes = Group.HEAD_BYTES;
    int to = from;
    while (to < entries.size()) {
      bytes += Group.ENTRY_HEAD_BYTES + entries.get(to).bytes();
      if ((to > from && bytes > MAX_GROUP_BYTES)
          || bytes > room
          || Frames.paddedBytes((int) bytes) > room) {
        break;
      }
      to++;
    }
    return to;
  }

  private void write(List<Entry> entries) throws IOException {
    int body = Group.HEAD_BYTES;
    for (Entry entry : entries) {
      body += Group.ENTRY_HEAD_BYTES + entry.bytes();
    }
    int padded = Frames.paddedBytes(body);
    ByteBuffer frame = frame(padded);
    frame.position(Frames.HEADER_BYTES);
    new Group(nextGroup, entries).write(frame);
    while (frame.hasRemaining()) {
      frame.put((byte) 0);
    }
    frame.flip();
    Frames.seal(frame, body, currentSalt, end);
    current.write(frame, end);
    dirty = true;
    if (setup.sync()) {
      force();
    }
    nextGroup++;
    end += padded;
    for (Entry entry : entries) {
      if (entry instanceof Entry.Fact fact) {
        live.put(fact, segments.getLast().index());
      }
    }
  }

  private ByteBuffer frame(int bytes) {
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(Math.max(bytes, 2 * buffer.capacity()));
    }
    return buffer.clear().limit(bytes);
  }

  /** Makes durable all that was written. */
  void force() throws IOException {
    if (dirty) {
      current.force(false);
      dirty = false;
    }
  }

  private void roll() throws IOException {
    force();
    current.close();
    begin(segments.getLast().index() + 1);
  }

  private void begin(long index) throws IOException {
    long[] salt = new long[1];
    current = files.create(setup.identity(), index, nextGroup, salt);
    currentSalt = salt[0];
    end = SegmentHeader.BYTES;
    segments.add(new Segment(index, true));
  }

  /**
   * Forgets votes at and below a sequence number, whose state is durable elsewhere, and gives back
   * segments.
   */
  void collect(long floor) throws IOException {
    live.raiseFloor(floor);
    // Once around is enough: then everything needed is packed into the youngest segments.
    int rounds = segments.size();
    while (rounds-- > 0
        && segments.size() > 1
        && (segments.size() > allowedSegments() || live.bytes(segments.getFirst().index()) == 0)) {
      evictOldest();
    }
  }

  /**
   * The most segments that remain after {@link #collect}: three, and twice as many as what is
   * needed would fill.
   */
  long allowedSegments() {
    int usable = setup.segmentBytes() - SegmentHeader.BYTES;
    return 3 + (2 * live.bytes() + usable - 1) / usable;
  }

  int segments() {
    return segments.size();
  }

  private void evictOldest() throws IOException {
    Segment oldest = segments.getFirst();
    List<Entry> carried = new ArrayList<>();
    long missing = live.bytes(oldest.index());
    if (missing > 0) {
      for (Entry.Fact entry : read(oldest.index())) {
        carried.add(entry);
        missing -= entry.bytes() + Group.ENTRY_HEAD_BYTES;
      }
    }
    if (missing != 0) {
      throw new IOException(files.path(oldest.index()) + ": records have gone bad");
    }
    carried.add(new Entry.Floor(oldest.index() + 1, live.floor(), nextPosition));
    append(carried, position -> {});
    force();
    segments.removeFirst();
    files.retire(oldest.index(), oldest.reusable());
  }

  /** What is still needed of a segment. */
  private List<Entry.Fact> read(long index) throws IOException {
    Set<Long> needed = live.positions(index);
    List<Entry.Fact> entries = new ArrayList<>();
    JournalReader.Visitor collector =
        new JournalReader.Visitor() {
          @Override
          public void onGroup(long segment, long offset, Group group) {
            for (Entry entry : group.entries()) {
              if (entry instanceof Entry.Fact fact) {
                entries.add(fact);
              }
            }
          }
        };
    try {
      new JournalReader(setup.disk(), setup.directory(), setup.identity(), setup.codec(), collector)
          .readSegment(index, needed::contains);
    } catch (JournalCorruptException e) {
      throw new IOException(e.getMessage(), e);
    }
    return entries;
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
    }
  }
}
