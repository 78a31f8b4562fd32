package io.pbft.storage;

import io.pbft.core.driver.ChunkGraph;
import io.pbft.core.message.ChunkTree;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import io.pbft.storage.ChunkFile.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The chunks of all snapshots on disk, each once, in the files that brought them. What nobody needs
 * any more is garbage; files with much of it are emptied by and by into those that are written
 * anyway, and deleted.
 *
 * <p>Locks itself for a few chunks at a time, so that no caller waits long.
 */
final class ChunkStore {
  /** Bytes of garbage that are never worth moving chunks for. */
  static final long GARBAGE_ALLOWANCE = 8L * 1024 * 1024;

  /** Files that are never too many. */
  static final int FILES_ALLOWANCE = 64;

  private static final int AT_ONCE = 256;

  private final Disk disk;
  private final Path directory;
  private final ChunkGraph<Place> graph = new ChunkGraph<>();
  private final TreeMap<Long, ChunkFile> files = new TreeMap<>();

  ChunkStore(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
  }

  /** A chunk, checked; null if it is not here. Any thread. */
  byte[] read(Digest name) {
    Place place;
    synchronized (this) {
      place = graph.place(name);
      if (place == null) {
        return null;
      }
      // Within the lock, so that the file is not closed meanwhile.
      return ChunkFile.read(place, name);
    }
  }

  /** The nodes of a tree whose chunks are not here; see {@link ChunkGraph#absent}. */
  Map<Digest, ChunkGraph.Absent<Place>> absent(StateNode root) {
    return graph.absent(root);
  }

  synchronized List<Digest> missing(List<Digest> roots, Function<Digest, List<Digest>> elsewhere) {
    graph.sweep(Integer.MAX_VALUE, ChunkFile::noLonger);
    return graph.missing(roots, elsewhere);
  }

  // Writing

  /** Chunks of other files that are to be moved with the next snapshot. */
  synchronized List<Digest> toMove(long newBytes) {
    long total = files.values().stream().mapToLong(ChunkFile::bytes).sum();
    long needed = files.values().stream().mapToLong(ChunkFile::neededBytes).sum();
    long excess = total - 2 * needed - GARBAGE_ALLOWANCE;
    long count = (long) files.size() - FILES_ALLOWANCE;
    long room = Math.max(GARBAGE_ALLOWANCE, newBytes);
    List<ChunkFile> candidates =
        files.values().stream()
            .filter(file -> !file.isCurrent())
            .sorted(
                excess > 0
                    ? Comparator.comparingDouble(file -> file.neededBytes() / (double) file.bytes())
                    : Comparator.comparingLong(ChunkFile::neededBytes))
            .toList();
    List<Digest> moved = new ArrayList<>();
    for (ChunkFile file : candidates) {
      if ((excess <= 0 && count <= 0) || file.neededBytes() > room) {
        break;
      }
      file.names().stream().filter(name -> isIn(file, name)).forEach(moved::add);
      room -= file.neededBytes();
      excess -= file.bytes() - file.neededBytes();
      count--;
    }
    return moved;
  }

  private boolean isIn(ChunkFile file, Digest name) {
    Place place = graph.place(name);
    return place != null && place.file() == file;
  }

  /**
   * A complete file has been written: its chunks are here now, and its snapshot's uppermost is
   * held.
   *
   * @param absent the chunks that were not here
   */
  void add(SnapshotFile file, Map<Digest, ChunkGraph.Absent<Place>> absent) throws IOException {
    ChunkFile opened = new ChunkFile(disk, directory, file);
    opened.setCurrent(true);
    synchronized (this) {
      files.put(file.number(), opened);
    }
    List<SnapshotFile.Item> items = file.items();
    for (int from = 0; from < items.size(); from += AT_ONCE) {
      List<SnapshotFile.Item> some = items.subList(from, Math.min(items.size(), from + AT_ONCE));
      synchronized (this) {
        some.forEach(item -> add(opened, item, absent.get(item.digest())));
      }
    }
    if (!absent.isEmpty()) {
      graph.hold(file.root());
    }
  }

  private void add(ChunkFile file, SnapshotFile.Item item, ChunkGraph.Absent<Place> absent) {
    Place before = graph.place(item.digest());
    if (absent != null) {
      graph.add(absent, file.need(item));
    } else if (before != null) {
      graph.move(item.digest(), file.need(item));
      ChunkFile.noLonger(before);
    }
  }

  /** A snapshot is no longer kept; what only it needed goes at the next {@link #clean}. */
  synchronized void release(SnapshotFile file) {
    files.get(file.number()).setCurrent(false);
    graph.release(file.root());
  }

  /** Removes what nobody needs. */
  void clean() throws IOException {
    boolean more = true;
    while (more) {
      synchronized (this) {
        more = graph.sweep(AT_ONCE, ChunkFile::noLonger);
      }
    }
    List<ChunkFile> unneeded;
    synchronized (this) {
      unneeded = files.values().stream().filter(ChunkFile::isUnneeded).toList();
      files.values().removeAll(unneeded);
      for (ChunkFile file : unneeded) {
        file.close();
      }
    }
    for (ChunkFile file : unneeded) {
      disk.delete(file.path());
    }
    if (!unneeded.isEmpty()) {
      disk.syncDirectory(directory);
    }
  }

  synchronized void close() throws IOException {
    for (ChunkFile file : files.values()) {
      file.close();
    }
    files.clear();
  }

  // Recovery

  /**
   * Takes in the files of earlier lives.
   *
   * @param found by number
   * @return those whose snapshots are complete; they are held
   */
  List<SnapshotFile> load(TreeMap<Long, SnapshotFile> found)
      throws IOException, JournalCorruptException {
    Map<Digest, Found> places = new HashMap<>();
    for (SnapshotFile file : found.values()) {
      ChunkFile opened = new ChunkFile(disk, directory, file);
      files.put(file.number(), opened);
      file.items().forEach(item -> places.put(item.digest(), new Found(opened, item)));
    }
    List<SnapshotFile> complete = new ArrayList<>();
    for (SnapshotFile file : found.values()) {
      // One that was given up may have lost chunks; what it still has may be others' as well.
      if (take(file.root(), places)) {
        graph.hold(file.root());
        files.get(file.number()).setCurrent(true);
        complete.add(file);
      }
    }
    return complete;
  }

  private record Found(ChunkFile file, SnapshotFile.Item item) {}

  private boolean take(Digest name, Map<Digest, Found> places) throws JournalCorruptException {
    if (graph.place(name) != null) {
      return true;
    }
    Found found = places.get(name);
    if (found == null) {
      return false;
    }
    List<Digest> children = found.item().leaf() ? List.of() : children(found);
    for (Digest child : children) {
      if (!take(child, places)) {
        return false;
      }
    }
    graph.add(name, children, found.file().need(found.item()));
    return true;
  }

  private static List<Digest> children(Found found) throws JournalCorruptException {
    SnapshotFile.Item item = found.item();
    Place place = new Place(found.file(), item.offset(), item.length());
    try {
      return ChunkTree.children(ChunkFile.read(place, item.digest()));
    } catch (RottenSnapshotException e) {
      throw JournalCorruptException.damaged(
          found.file().path(), item.offset(), "expected the chunk " + item.digest());
    }
  }
}
