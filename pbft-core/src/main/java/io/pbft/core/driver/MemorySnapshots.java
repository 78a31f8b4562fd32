package io.pbft.core.driver;

import io.pbft.core.message.ChunkTree;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateNode;
import io.pbft.crypto.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Snapshots in memory. */
public final class MemorySnapshots implements SnapshotStore {
  private static final int SWEEP = 256;

  private final Executor worker;
  private final TreeMap<Long, KeptSnapshot> kept = new TreeMap<>();
  private final TreeMap<Long, Digest> hashed = new TreeMap<>();
  private final ChunkGraph<StateNode> graph = new ChunkGraph<>();
  private final Map<Digest, byte[]> staging = new HashMap<>();
  private final List<LongConsumer> listeners = new ArrayList<>();

  /** Hashes and reads at once, on the caller's thread. */
  public MemorySnapshots() {
    this(Runnable::run);
  }

  /**
   * @param worker hashes snapshots and reads chunks, one after the other
   */
  public MemorySnapshots(Executor worker) {
    this.worker = worker;
  }

  @Override
  public void put(KeptSnapshot snapshot) {
    synchronized (this) {
      List.copyOf(kept.tailMap(snapshot.sequence(), true).keySet()).forEach(this::drop);
      kept.put(snapshot.sequence(), snapshot);
    }
    worker.execute(() -> hash(snapshot));
  }

  private void hash(KeptSnapshot snapshot) {
    // Hashed outside of the lock, which the driver's thread must never wait for long.
    Digest digest = snapshot.digest();
    Map<Digest, ChunkGraph.Absent<StateNode>> absent = graph.absent(snapshot.root());
    absent.values().forEach(each -> graph.add(each, each.node()));
    if (!absent.isEmpty()) {
      graph.hold(digest);
    }
    List<LongConsumer> told;
    boolean current;
    synchronized (this) {
      current = kept.get(snapshot.sequence()) == snapshot;
      if (current) {
        hashed.put(snapshot.sequence(), digest);
      } else {
        graph.release(digest);
      }
      told = List.copyOf(listeners);
    }
    sweep();
    if (current) {
      told.forEach(listener -> listener.accept(snapshot.sequence()));
    }
  }

  private void sweep() {
    boolean more = true;
    while (more) {
      more = graph.sweep(SWEEP, gone -> {});
    }
  }

  private void drop(long sequence) {
    kept.remove(sequence);
    Digest digest = hashed.remove(sequence);
    if (digest != null) {
      graph.release(digest);
    }
  }

  @Override
  public synchronized KeptSnapshot get(long sequence) {
    return kept.get(sequence);
  }

  @Override
  public synchronized KeptSnapshot newest() {
    Map.Entry<Long, KeptSnapshot> last = kept.lastEntry();
    return last == null ? null : last.getValue();
  }

  @Override
  public synchronized Digest durable(long sequence) {
    return hashed.get(sequence);
  }

  @Override
  public synchronized void onDurable(LongConsumer listener) {
    listeners.add(listener);
  }

  /** What nobody needs any more goes when the next snapshot is hashed. */
  @Override
  public synchronized void discardBelow(long stable, Collection<Long> besides) {
    List.copyOf(kept.headMap(stable).keySet()).stream()
        .filter(sequence -> !besides.contains(sequence))
        .forEach(this::drop);
  }

  @Override
  public void read(List<Digest> digests, int maxBytes, Consumer<List<byte[]>> answer) {
    worker.execute(() -> answer.accept(ChunkReading.read(digests, maxBytes, this::chunk)));
  }

  private byte[] chunk(Digest digest) {
    StateNode node = graph.place(digest);
    return node == null ? null : node.chunk();
  }

  @Override
  public synchronized List<Digest> missing(List<Digest> roots) {
    graph.sweep(Integer.MAX_VALUE, gone -> {});
    return graph.missing(
        roots,
        digest -> staging.containsKey(digest) ? ChunkTree.children(staging.get(digest)) : null);
  }

  @Override
  public synchronized void stage(List<byte[]> chunks) {
    chunks.forEach(chunk -> staging.put(ChunkTree.digest(chunk), chunk));
  }

  @Override
  public synchronized KeptSnapshot staged(long sequence, Digest root) {
    List<Digest> missing = missing(List.of(root));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          missing.size() + " chunks of the state at " + sequence + " are missing");
    }
    return KeptSnapshot.stored(sequence, assemble(root));
  }

  /** Nodes that hold on to their own bytes, whatever becomes of the snapshots they came from. */
  private StateNode assemble(Digest name) {
    StateNode here = graph.place(name);
    if (here != null) {
      return here;
    }
    byte[] chunk = staging.get(name);
    List<StateNode> children = ChunkTree.children(chunk).stream().map(this::assemble).toList();
    return new Assembled(name, chunk, children);
  }

  private static final class Assembled extends StateNode {
    private final byte[] chunk;
    private final List<StateNode> children;

    Assembled(Digest name, byte[] chunk, List<StateNode> children) {
      super(name);
      this.chunk = chunk;
      this.children = children;
    }

    @Override
    public List<StateNode> children() {
      return children;
    }

    @Override
    public byte[] content() {
      return ChunkTree.content(chunk);
    }

    @Override
    public byte[] chunk() {
      return chunk;
    }
  }

  @Override
  public synchronized void unstage() {
    staging.clear();
  }

  @Override
  public synchronized void close() {
    List.copyOf(kept.keySet()).forEach(this::drop);
    staging.clear();
  }
}
