package io.pbft.storage;

import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Snapshots on disk. {@link #put} takes the snapshot into memory, from where it is served, and a
 * thread of its own writes it; {@link #durableSequence} and the listener of {@link #onDurable} tell
 * when it is on disk. Snapshots that are discarded before their turn are not written; files go only
 * when a newer snapshot at or below the stable checkpoint is durable.
 *
 * <p>A snapshot's file holds the chunks that the one before did not have. When the files of what is
 * kept exceed twice the state and 8 MiB, the next one is written in full. Disk use: at most {@code
 * kept + 3} times the state and 8 MiB, {@code kept} being the checkpoints in the log window.
 *
 * <p>When writing fails nothing is written any more, and the journal reports the failure.
 */
public final class DiskSnapshots implements SnapshotStore {
  private static final long GARBAGE_ALLOWANCE = 8L * 1024 * 1024;

  private final Disk disk;
  private final Path directory;
  private final Identity identity;
  private final Thread writer;
  private final TreeMap<Long, KeptSnapshot> memory = new TreeMap<>();
  private final TreeMap<Long, KeptSnapshot> pending = new TreeMap<>();
  private final TreeMap<Long, SnapshotFile> stored = new TreeMap<>();
  private final Set<String> present = new TreeSet<>(Collections.reverseOrder());
  private final List<LongConsumer> durableListeners = new ArrayList<>();
  private Consumer<IOException> failureListener = failure -> {};
  private long nextNumber = 1;
  private long stable;
  private boolean cleaning;
  private boolean closing;
  private boolean failed;

  private DiskSnapshots(Disk disk, Path directory, Identity identity) {
    this.disk = disk;
    this.directory = directory;
    this.identity = identity;
    this.writer = new Thread(this::run, "pbft-snapshots-" + identity.replica());
    writer.setDaemon(true);
  }

  /** Finds the complete snapshots of earlier lives; incomplete ones are deleted. */
  static DiskSnapshots open(Disk disk, Path directory, Identity identity)
      throws IOException, JournalCorruptException {
    DiskSnapshots snapshots = new DiskSnapshots(disk, directory, identity);
    snapshots.load();
    return snapshots;
  }

  private void load() throws IOException, JournalCorruptException {
    TreeMap<Long, SnapshotFile> byNumber = new TreeMap<>();
    for (String name : disk.list(directory)) {
      Path file = directory.resolve(name);
      if (Names.isTemporary(name)) {
        disk.delete(file);
      } else if (Names.isSnapshot(name)) {
        present.add(name);
        SnapshotFile read = SnapshotFile.read(disk, file, identity);
        byNumber.put(read.number(), read);
      }
    }
    for (SnapshotFile each : byNumber.values()) {
      nextNumber = each.number() + 1;
      // One that was superseded may have lost the files of its chunks; it only lends its own.
      if (present.containsAll(each.files())) {
        remember(each);
      }
    }
  }

  /** A later file means that those at and above its sequence number were given up. */
  private void remember(SnapshotFile file) {
    stored.tailMap(file.sequence(), true).clear();
    stored.put(file.sequence(), file);
  }

  void start() {
    writer.start();
  }

  /**
   * Tells of each snapshot that has become durable; called from the writer's thread. A checkpoint
   * that others may rely on (its CHECKPOINT message) is safe to announce from then on.
   */
  @Override
  public synchronized void onDurable(LongConsumer listener) {
    durableListeners.add(listener);
  }

  synchronized void onFailure(Consumer<IOException> listener) {
    failureListener = listener;
  }

  /** The newest snapshot that is on disk, 0 when there is none. Any thread. */
  @Override
  public synchronized long durableSequence() {
    return stored.isEmpty() ? 0 : stored.lastKey();
  }

  /** The newest at or below a sequence number that is on disk, 0 when there is none. */
  synchronized long durableAtOrBelow(long sequence) {
    Long found = stored.floorKey(sequence);
    return found == null ? 0 : found;
  }

  @Override
  public synchronized void put(KeptSnapshot snapshot) {
    // Usually the highest; one below others means that the replica went back to fetched state.
    memory.tailMap(snapshot.sequence(), true).clear();
    pending.tailMap(snapshot.sequence(), true).clear();
    memory.put(snapshot.sequence(), snapshot);
    if (!failed && !closing) {
      pending.put(snapshot.sequence(), snapshot);
      notifyAll();
    }
  }

  @Override
  public synchronized KeptSnapshot get(long sequence) {
    KeptSnapshot kept = memory.get(sequence);
    if (kept != null || sequence < stable) {
      return kept;
    }
    SnapshotFile file = stored.get(sequence);
    return file == null ? null : file.toKept(disk, directory);
  }

  @Override
  public synchronized KeptSnapshot newest() {
    // What was put last counts, even if an abandoned one of a higher number is still on disk.
    if (!memory.isEmpty()) {
      return memory.lastEntry().getValue();
    }
    return stored.isEmpty() ? null : get(stored.lastKey());
  }

  @Override
  public synchronized void discardBelow(long sequence) {
    stable = Math.max(stable, sequence);
    memory.headMap(stable).clear();
    boolean newerExists = pending.ceilingKey(stable) != null || stored.ceilingKey(stable) != null;
    if (newerExists) {
      pending.headMap(stable).clear();
    }
    cleaning = true;
    notifyAll();
  }

  private void run() {
    try {
      for (KeptSnapshot next = await(); next != null; next = await()) {
        write(next);
        clean();
      }
    } catch (IOException e) {
      fail(e);
    } catch (InterruptedException e) {
      fail(new IOException("the snapshots' writer was interrupted", e));
    } catch (RuntimeException | Error e) {
      fail(new IOException("writing a snapshot failed: " + e, e));
    }
  }

  /** The next to write, or null at the end. */
  private KeptSnapshot await() throws InterruptedException, IOException {
    while (true) {
      synchronized (this) {
        while (pending.isEmpty() && !cleaning && !closing) {
          wait();
        }
        if (closing) {
          return null;
        }
        if (!pending.isEmpty()) {
          return chooseNext();
        }
      }
      clean();
    }
  }

  /** Without a thread: whether {@link #writeOne} has anything to do. */
  synchronized boolean hasWork() {
    return !failed && !closing && (!pending.isEmpty() || cleaning);
  }

  /** Without a thread: one round of the writer's work. */
  void writeOne() {
    KeptSnapshot next;
    synchronized (this) {
      next = pending.isEmpty() ? null : chooseNext();
    }
    try {
      if (next != null) {
        write(next);
      }
      clean();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** First the one that discarding waits for, then the oldest. It stays pending while written. */
  private KeptSnapshot chooseNext() {
    Map.Entry<Long, KeptSnapshot> awaited = pending.floorEntry(stable);
    return (awaited == null ? pending.firstEntry() : awaited).getValue();
  }

  private void write(KeptSnapshot snapshot) throws IOException {
    SnapshotFile base;
    long number;
    synchronized (this) {
      base = base();
      number = nextNumber++;
    }
    SnapshotFile file = SnapshotFile.write(disk, directory, identity, number, snapshot, base);
    List<LongConsumer> listeners;
    synchronized (this) {
      pending.remove(snapshot.sequence(), snapshot);
      present.add(file.name());
      remember(file);
      listeners = List.copyOf(durableListeners);
    }
    listeners.forEach(listener -> listener.accept(file.sequence()));
  }

  private SnapshotFile base() throws IOException {
    if (stored.isEmpty()) {
      return null;
    }
    SnapshotFile newest = stored.lastEntry().getValue();
    long bytes = 0;
    for (String name : newest.files()) {
      try (Disk.Handle handle = disk.open(directory.resolve(name))) {
        bytes += handle.size();
      }
    }
    return bytes > 2 * newest.stateBytes() + GARBAGE_ALLOWANCE ? null : newest;
  }

  /** Deletes the files that no snapshot from the stable checkpoint on needs. Writer's thread. */
  private void clean() throws IOException {
    Set<String> unneeded = new TreeSet<>(Collections.reverseOrder());
    synchronized (this) {
      cleaning = false;
      Long keepFrom = stored.floorKey(stable);
      if (keepFrom != null) {
        stored.headMap(keepFrom).clear();
      }
      unneeded.addAll(present);
      stored.values().forEach(file -> unneeded.removeAll(file.files()));
      present.removeAll(unneeded);
    }
    for (String name : unneeded) {
      disk.delete(directory.resolve(name));
    }
    if (!unneeded.isEmpty()) {
      disk.syncDirectory(directory);
    }
  }

  private void fail(IOException cause) {
    Consumer<IOException> listener;
    synchronized (this) {
      failed = true;
      pending.clear();
      listener = failureListener;
    }
    listener.accept(new IOException("the snapshots can't be kept: " + cause.getMessage(), cause));
  }

  /** Waits for the write at hand; those that wait are not written. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (writer.isAlive() && Thread.currentThread() != writer) {
      try {
        TimeUnit.SECONDS.timedJoin(writer, 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
