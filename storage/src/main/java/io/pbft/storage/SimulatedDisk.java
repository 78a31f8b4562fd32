package io.pbft.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A file system in memory that forgets as a real one may. At a {@link #powerLoss} every sector
 * written since the file's last force is, by chance, as before, as written, or torn; and each
 * creation, renaming or deletion since the directory's last sync has happened or not. It can also
 * be full, fail to force (the data is then in the cache and nowhere else), lie about forcing, and
 * stop at an operation. For tests and simulators; thread safe.
 */
public final class SimulatedDisk implements Disk {
  /** The process or the machine stops here: nothing that is not caught on purpose catches it. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Content {
    Sectors cached = new Sectors();
    Sectors durable = new Sectors();
    final BitSet unsynced = new BitSet();
  }

  /** A change of a directory: a name takes a content (or none), and another name may lose it. */
  private record Change(Path from, Path to, Content content) {}

  private final Random random;
  private Map<Path, Content> names = new TreeMap<>();
  private Map<Path, Content> durableNames = new TreeMap<>();
  private final TreeSet<Path> directories = new TreeSet<>();
  private final List<Change> changes = new ArrayList<>();
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private long failAt = Long.MAX_VALUE;
  private long capacity = Long.MAX_VALUE;
  private int failingForces;
  private boolean forgetsForces;
  private int forces;
  private boolean crashed;
  private volatile Runnable beforeForce = () -> {};

  public SimulatedDisk(long seed) {
    this(new Random(seed));
  }

  /**
   * Makes an empty disk.
   *
   * @param random decides what a loss of power leaves
   */
  public SimulatedDisk(Random random) {
    this.random = random;
  }

  /**
   * A disk that says that it has made durable what it has not, as some do: {@link Handle#force} and
   * {@link #syncDirectory} report success and do nothing.
   */
  public synchronized void setForgetsForces(boolean value) {
    forgetsForces = value;
  }

  /** From now on, the operation with this number (from 1) is the last, half done. */
  public synchronized void crashAfter(long count) {
    crashAt = operations + count;
  }

  /** From now on, all operations but the next few that would write anything fail. */
  public synchronized void failAfter(long count) {
    failAt = operations + count;
  }

  /** There is room again. */
  public synchronized void recover() {
    failAt = Long.MAX_VALUE;
  }

  private void requireRoom() throws IOException {
    if (operations >= failAt) {
      throw new IOException("No space left on device");
    }
  }

  public synchronized long operations() {
    return operations;
  }

  public synchronized int forces() {
    return forces;
  }

  public synchronized void failForces(int count) {
    failingForces = count;
  }

  /** Runs at each force, in the thread that forces. */
  void setBeforeForce(Runnable action) {
    beforeForce = action;
  }

  public synchronized void setCapacity(long bytes) {
    capacity = bytes;
  }

  public synchronized long usedBytes() {
    return names.values().stream().mapToLong(content -> content.cached.length()).sum();
  }

  /** The process ends, another takes over; the operating system lives on. */
  public synchronized void processDeath() {
    crashed = false;
    crashAt = Long.MAX_VALUE;
  }

  /** The machine stops and starts again: what was not made durable may be gone. */
  public synchronized void powerLoss() {
    processDeath();
    for (Change change : changes) {
      if (random.nextBoolean()) {
        apply(durableNames, change);
      }
    }
    changes.clear();
    names = new TreeMap<>(durableNames);
    for (Content content : new ArrayList<>(names.values())) {
      settle(content);
    }
  }

  /** Everything is gone. */
  public synchronized void wipe() {
    processDeath();
    names.clear();
    durableNames.clear();
    changes.clear();
  }

  private void settle(Content content) {
    int size = random.nextBoolean() ? content.cached.length() : content.durable.length();
    Sectors after = content.durable.copy();
    after.setLength(size);
    content.unsynced.stream()
        .forEach(
            sector -> {
              int kept = random.nextInt(3);
              int bytes = kept == 0 ? 0 : kept == 1 ? Sectors.BYTES : random.nextInt(Sectors.BYTES);
              after.take(content.cached, sector, bytes);
            });
    content.unsynced.clear();
    content.cached = after;
    content.durable = after.copy();
  }

  /** Flips a bit, on the medium. */
  synchronized void flip(Path file, long bit) {
    Content content = names.get(file);
    byte[] bytes = content.cached.toBytes();
    bytes[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
    content.cached = Sectors.of(bytes);
    content.durable = content.cached.copy();
  }

  synchronized void cut(Path file, int length) {
    Content content = names.get(file);
    content.cached.setLength(length);
    content.durable = content.cached.copy();
  }

  synchronized byte[] bytes(Path file) {
    return names.get(file).cached.toBytes();
  }

  synchronized void put(Path file, byte[] bytes) {
    Content content = new Content();
    content.cached = Sectors.of(bytes);
    content.durable = content.cached.copy();
    names.put(file, content);
    durableNames.put(file, content);
  }

  private boolean step() {
    if (crashed) {
      throw new Crash();
    }
    operations++;
    crashed = operations >= crashAt;
    return crashed;
  }

  private void endStep() {
    if (crashed) {
      throw new Crash();
    }
  }

  private static void apply(Map<Path, Content> to, Change change) {
    if (change.from() != null && to.get(change.from()) == change.content()) {
      to.remove(change.from());
    }
    if (change.to() != null) {
      to.put(change.to(), change.content());
    }
  }

  private void change(Change change) throws IOException {
    requireRoom();
    step();
    apply(names, change);
    changes.add(change);
    endStep();
  }

  private Content content(Path file) throws IOException {
    Content content = names.get(file);
    if (content == null) {
      throw new NoSuchFileException(file.toString());
    }
    return content;
  }

  @Override
  public synchronized Handle create(Path file) throws IOException {
    Content content = new Content();
    change(new Change(null, file, content));
    return new Opened(content);
  }

  @Override
  public synchronized Handle open(Path file) throws IOException {
    return new Opened(content(file));
  }

  @Override
  public synchronized boolean exists(Path path) {
    return names.containsKey(path) || !list(path).isEmpty();
  }

  @Override
  public synchronized List<String> list(Path directory) {
    TreeSet<String> found = new TreeSet<>();
    for (Path file : names.keySet()) {
      if (file.startsWith(directory) && file.getNameCount() > directory.getNameCount()) {
        found.add(file.getName(directory.getNameCount()).toString());
      }
    }
    return List.copyOf(found);
  }

  @Override
  public synchronized void createDirectories(Path directory) {
    directories.add(directory);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    if (!names.containsKey(from)) {
      // A directory: all that is in it, at once and durably, which is enough for repairs.
      for (Path file : new ArrayList<>(names.keySet())) {
        if (file.startsWith(from)) {
          Path moved = to.resolve(from.relativize(file));
          change(new Change(file, moved, content(file)));
          apply(durableNames, changes.remove(changes.size() - 1));
        }
      }
      return;
    }
    change(new Change(from, to, content(from)));
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    change(new Change(file, null, content(file)));
  }

  @Override
  public synchronized void syncDirectory(Path directory) {
    step();
    List<Change> settled =
        changes.stream()
            .filter(
                change ->
                    directory.equals(
                        (change.to() == null ? change.from() : change.to()).getParent()))
            .toList();
    boolean lost = forgetsForces || (crashed && random.nextBoolean());
    if (!lost) {
      settled.forEach(change -> apply(durableNames, change));
      changes.removeAll(settled);
    }
    endStep();
  }

  private final class Opened implements Handle {
    private final Content content;

    Opened(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      synchronized (SimulatedDisk.this) {
        return content.cached.length();
      }
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      synchronized (SimulatedDisk.this) {
        requireRoom();
        step();
        int length = crashed ? random.nextInt(bytes.remaining() + 1) : bytes.remaining();
        long growth = Math.max(0, at + length - content.cached.length());
        if (growth > capacity - usedBytes()) {
          throw new IOException("No space left on device");
        }
        content.cached.write(bytes, length, (int) at);
        content.unsynced.set(
            (int) (at / Sectors.BYTES), (int) ((at + length + Sectors.BYTES - 1) / Sectors.BYTES));
        endStep();
      }
    }

    @Override
    public void read(ByteBuffer into, long at) {
      synchronized (SimulatedDisk.this) {
        content.cached.read(into, into.remaining(), (int) at);
      }
    }

    @Override
    public void force(boolean metadata) throws IOException {
      beforeForce.run();
      synchronized (SimulatedDisk.this) {
        boolean full = operations >= failAt;
        step();
        forces++;
        if (full) {
          // What was written may have reached the medium, or not, and will not be tried again.
          throw new IOException("No space left on device");
        }
        if (failingForces > 0) {
          failingForces--;
          // As Linux does: the pages count as clean although they never reached the medium.
          content.unsynced.clear();
          throw new IOException("Input/output error");
        }
        if (!crashed && !forgetsForces) {
          // Only pages that count as dirty reach the medium.
          content.durable.setLength(content.cached.length());
          content.unsynced.stream()
              .forEach(sector -> content.durable.share(content.cached, sector));
          content.unsynced.clear();
        }
        endStep();
      }
    }

    @Override
    public void close() {}
  }
}
