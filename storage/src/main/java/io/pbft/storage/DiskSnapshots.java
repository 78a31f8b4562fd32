package io.pbft.storage;

import io.pbft.core.driver.ChunkGraph;
import io.pbft.core.driver.ChunkReading;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Snapshots on disk. {@link #put} takes the snapshot into memory, and a thread of its own hashes
 * what has changed and writes the chunks that are in no file yet; {@link #durable} and the listener
 * of {@link #onDurable} tell when it is on disk. Snapshots that are discarded before their turn are
 * not written; chunks go only when a newer snapshot at or below the stable checkpoint is durable.
 * Another thread reads chunks for those who fetch them.
 *
 * <p>Disk use: at most twice what the kept snapshots need, and 8 MiB, and what is being written or
 * fetched. Memory: about 200 bytes for each chunk, and what the state machine's snapshots hold.
 *
 * <p>When writing fails nothing is written any more, and the journal reports the failure.
 */
public final class DiskSnapshots implements SnapshotStore {
  private static final int TYPICAL_CHUNK_BYTES = 4096;

  private final Disk disk;
  private final Path directory;
  private final Identity identity;
  private final ChunkStore chunks;
  private final FetchedChunks fetched;
  private final Thread writer;
  private final ExecutorService reader;
  private final TreeMap<Long, KeptSnapshot> memory = new TreeMap<>();
  private final TreeMap<Long, KeptSnapshot> pending = new TreeMap<>();
  private final TreeMap<Long, SnapshotFile> stored = new TreeMap<>();
  private final List<LongConsumer> durableListeners = new ArrayList<>();
  private Set<Long> besides = new TreeSet<>();
  private Consumer<IOException> failureListener = failure -> {};

  /** What the writer is at; null when that has been given up meanwhile. */
  private KeptSnapshot writing;

  private long nextNumber = 1;
  private long stable;
  private boolean cleaning;
  private boolean unstaging;
  private boolean closing;
  private boolean failed;
  private volatile boolean threaded;

  private DiskSnapshots(Disk disk, Path directory, Identity identity) {
    this.disk = disk;
    this.directory = directory;
    this.identity = identity;
    this.chunks = new ChunkStore(disk, directory);
    this.fetched = new FetchedChunks(disk, directory, identity);
    this.writer = daemon(this::run, "pbft-snapshots-" + identity.replica());
    this.reader =
        Executors.newSingleThreadExecutor(
            task -> daemon(task, "pbft-chunks-" + identity.replica()));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Finds the complete snapshots of earlier lives; incomplete ones are deleted. */
  static DiskSnapshots open(Disk disk, Path directory, Identity identity)
      throws IOException, JournalCorruptException {
    DiskSnapshots snapshots = new DiskSnapshots(disk, directory, identity);
    try {
      snapshots.load();
      return snapshots;
    } catch (RottenSnapshotException e) {
      snapshots.closeFiles();
      throw e.atStart();
    } catch (IOException | JournalCorruptException | RuntimeException e) {
      snapshots.closeFiles();
      throw e;
    }
  }

  private void load() throws IOException, JournalCorruptException {
    TreeMap<Long, SnapshotFile> found = new TreeMap<>();
    for (String name : disk.list(directory)) {
      Path file = directory.resolve(name);
      if (Names.isTemporary(name)) {
        disk.delete(file);
      } else if (Names.isSnapshot(name)) {
        SnapshotFile read = SnapshotFile.read(disk, file, identity);
        found.put(read.number(), read);
      }
    }
    if (!found.isEmpty()) {
      nextNumber = found.lastKey() + 1;
    }
    chunks.load(found).forEach(this::remember);
    fetched.load();
  }

  /** A later file means that those at and above its sequence number were given up. */
  private void remember(SnapshotFile file) {
    Collection<SnapshotFile> givenUp = stored.tailMap(file.sequence(), true).values();
    givenUp.forEach(chunks::release);
    givenUp.clear();
    stored.put(file.sequence(), file);
  }

  /** Writes and reads on threads of its own from now on. */
  void start() {
    threaded = true;
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
  synchronized long durableSequence() {
    return durableAtOrBelow(Long.MAX_VALUE);
  }

  /** The newest at or below a sequence number that is on disk, 0 when there is none. */
  synchronized long durableAtOrBelow(long sequence) {
    // What waits to be written supersedes what is on disk at its sequence number and above.
    long below = pending.isEmpty() ? Long.MAX_VALUE : pending.firstKey() - 1;
    Long found = stored.floorKey(Math.min(sequence, below));
    return found == null ? 0 : found;
  }

  @Override
  public synchronized Digest durable(long sequence) {
    // Of what can't be written any more, an older one of that number may still be on disk.
    SnapshotFile file = failed || pending.containsKey(sequence) ? null : stored.get(sequence);
    return file == null ? null : file.root();
  }

  @Override
  public synchronized void put(KeptSnapshot snapshot) {
    // Usually the highest; one below others means that the replica went back to fetched state.
    memory.tailMap(snapshot.sequence(), true).clear();
    pending.tailMap(snapshot.sequence(), true).clear();
    if (writing != null && writing.sequence() >= snapshot.sequence()) {
      writing = null;
    }
    memory.put(snapshot.sequence(), snapshot);
    if (!failed && !closing) {
      pending.put(snapshot.sequence(), snapshot);
      notifyAll();
    }
  }

  @Override
  public synchronized KeptSnapshot get(long sequence) {
    KeptSnapshot kept = memory.get(sequence);
    if (kept != null || (sequence < stable && !besides.contains(sequence))) {
      return kept;
    }
    SnapshotFile file = stored.get(sequence);
    return file == null ? null : stored(sequence, file.root());
  }

  private KeptSnapshot stored(long sequence, Digest root) {
    return KeptSnapshot.stored(sequence, StateNode.stored(root, this::chunk));
  }

  /** A chunk of a snapshot on disk, or of one that is being fetched. */
  private byte[] chunk(Digest name) {
    byte[] chunk = chunks.read(name);
    if (chunk == null) {
      chunk = fetchedChunk(name);
    }
    if (chunk == null) {
      throw new IllegalStateException("the chunk " + name + " is gone");
    }
    return chunk;
  }

  private synchronized byte[] fetchedChunk(Digest name) {
    return fetched.read(name);
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
  public synchronized void discardBelow(long sequence, Collection<Long> fetchedByOthers) {
    stable = Math.max(stable, sequence);
    besides = new TreeSet<>(fetchedByOthers);
    memory.headMap(stable).keySet().removeIf(kept -> !besides.contains(kept));
    boolean newerExists = pending.ceilingKey(stable) != null || stored.ceilingKey(stable) != null;
    if (newerExists) {
      pending.headMap(stable).clear();
    }
    cleaning = true;
    notifyAll();
  }

  // Chunks

  @Override
  public void read(List<Digest> digests, int maxBytes, Consumer<List<byte[]>> answer) {
    Runnable task = () -> answer.accept(ChunkReading.read(digests, maxBytes, this::soundChunk));
    try {
      if (threaded) {
        reader.execute(task);
      } else {
        task.run();
      }
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: the peer asks another.
      return;
    }
  }

  /** Null also for one that can't be read back: the peer is better served by another. */
  private byte[] soundChunk(Digest name) {
    try {
      return chunks.read(name);
    } catch (RottenSnapshotException e) {
      return null;
    }
  }

  @Override
  public synchronized List<Digest> missing(List<Digest> roots) {
    return chunks.missing(roots, fetched::children);
  }

  @Override
  public synchronized void stage(List<byte[]> verified) {
    unstaging = false;
    try {
      fetched.add(verified);
    } catch (IOException e) {
      throw new UncheckedIOException("fetched state can't be kept: " + e.getMessage(), e);
    }
  }

  @Override
  public KeptSnapshot staged(long sequence, Digest root) {
    List<Digest> missing = missing(List.of(root));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          missing.size() + " chunks of the state at " + sequence + " are missing");
    }
    return stored(sequence, root);
  }

  @Override
  public synchronized void unstage() {
    unstaging = !fetched.isEmpty();
    cleaning |= unstaging;
    notifyAll();
  }

  // The writer

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
        if (closing && !cleaning) {
          return null;
        }
        if (!closing && !pending.isEmpty()) {
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
    writing = (awaited == null ? pending.firstEntry() : awaited).getValue();
    return writing;
  }

  private void write(KeptSnapshot snapshot) throws IOException {
    Map<Digest, ChunkGraph.Absent<ChunkFile.Place>> absent = chunks.absent(snapshot.root());
    List<Digest> moved = chunks.toMove((long) absent.size() * TYPICAL_CHUNK_BYTES);
    long number;
    synchronized (this) {
      number = nextNumber++;
    }
    SnapshotFile file =
        SnapshotFile.write(
            disk,
            directory,
            identity,
            snapshot.sequence(),
            number,
            snapshot.digest(),
            new SnapshotPieces(absent, moved, chunks));
    chunks.add(file, absent);
    tell(snapshot, file);
  }

  private void tell(KeptSnapshot snapshot, SnapshotFile file) {
    List<LongConsumer> listeners;
    synchronized (this) {
      pending.remove(snapshot.sequence(), snapshot);
      boolean givenUp = writing == null;
      writing = null;
      if (givenUp) {
        chunks.release(file);
        return;
      }
      remember(file);
      listeners = List.copyOf(durableListeners);
    }
    listeners.forEach(listener -> listener.accept(file.sequence()));
  }

  /** Gives up what is below the stable checkpoint, once a newer one is durable. Writer's thread. */
  private void clean() throws IOException {
    synchronized (this) {
      cleaning = false;
      Long keepFrom = stored.floorKey(stable);
      if (keepFrom != null) {
        List<SnapshotFile> older =
            stored.headMap(keepFrom).values().stream()
                .filter(file -> !besides.contains(file.sequence()))
                .toList();
        older.forEach(chunks::release);
        stored.values().removeAll(older);
      }
      if (unstaging && pending.isEmpty()) {
        unstaging = false;
        fetched.clear();
      }
    }
    chunks.clean();
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
    reader.shutdown();
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
    closeFiles();
  }

  private void closeFiles() {
    try {
      chunks.close();
      synchronized (this) {
        fetched.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
