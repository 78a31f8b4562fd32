package io.pbft.lab.sim;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.driver.MemorySnapshots;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The driver's half that belongs to the application: execution, reads, snapshots, and the two ends
 * of state transfer. Everything is done at once and in memory.
 */
public final class ApplicationHost {
  /** The rest of the driver. */
  public interface Driver {
    int id();

    long nowMillis();

    /** Queues an event for the core. */
    void post(Event event);

    void send(int to, ReplicaMessage message);

    void answer(int client, long session, ReplicaMessage message);

    /** Has executed the request at a position of a batch, counted from 0. */
    default void onExecuted(ExecutionContext context, int index, Request request, Result result) {}

    /** A fetched state has replaced the application's. */
    default void onInstalled(long sequence) {}
  }

  private record Chunks(List<byte[]> list) implements Snapshot {
    @Override
    public int chunks() {
      return list.size();
    }

    @Override
    public byte[] chunk(int index) {
      return list.get(index);
    }
  }

  private final Driver driver;
  private final StateMachine machine;
  private final SnapshotStore snapshots;
  private final long keptForLaggards;
  private final TreeMap<Long, Digest> taken = new TreeMap<>();
  private final TreeMap<Integer, byte[]> stagedChunks = new TreeMap<>();
  private Manifest staged;
  private long executed;

  public ApplicationHost(Driver driver, StateMachine machine) {
    this(driver, machine, new MemorySnapshots(), 0);
  }

  /**
   * Makes it.
   *
   * @param keptForLaggards sequence numbers below a stable checkpoint whose snapshots stay
   */
  public ApplicationHost(
      Driver driver, StateMachine machine, SnapshotStore snapshots, long keptForLaggards) {
    this.driver = driver;
    this.machine = machine;
    this.snapshots = snapshots;
    this.keptForLaggards = keptForLaggards;
  }

  public StateMachine machine() {
    return machine;
  }

  /**
   * What a later life finds.
   *
   * @param journal every record that was persisted
   */
  public Recovered remains(List<LogRecord> journal) {
    KeptSnapshot newest = snapshots.newest();
    return newest == null
        ? new Recovered(journal.isEmpty(), List.copyOf(journal), 0, new byte[0])
        : new Recovered(false, List.copyOf(journal), newest.sequence(), newest.meta());
  }

  /** Takes over the snapshots of an earlier life, and the state of the newest. */
  public void inherit(ApplicationHost earlier) {
    KeptSnapshot newest = earlier.snapshots.newest();
    if (newest != null) {
      snapshots.put(newest);
      recover(newest.sequence());
    }
  }

  /** Goes back to a kept snapshot; 0 is the initial state. */
  public void recover(long sequence) {
    if (sequence > 0) {
      machine.restore(snapshots.get(sequence).state());
      executed = sequence;
    }
  }

  /** The sequence number that the state is at. */
  public long executed() {
    return executed;
  }

  /** Tells the core of the snapshots that have become durable. */
  public void announceSnapshots() {
    while (!taken.isEmpty() && taken.firstKey() <= snapshots.durableSequence()) {
      Map.Entry<Long, Digest> first = taken.pollFirstEntry();
      driver.post(new Event.SnapshotTaken(driver.nowMillis(), first.getKey(), first.getValue()));
    }
  }

  /** Carries the effect out if it concerns the application; false when it does not. */
  public boolean perform(Effect effect) {
    if (effect instanceof Effect.Execute e) {
      execute(e);
    } else if (effect instanceof Effect.TakeSnapshot e) {
      Snapshot snapshot = machine.snapshot();
      List<Digest> leaves = leaves(snapshot);
      snapshots.put(new KeptSnapshot(e.sequence(), e.meta(), leaves, snapshot));
      taken.put(e.sequence(), ChunkTree.root(leaves));
      announceSnapshots();
    } else if (effect instanceof Effect.Discard e) {
      snapshots.discardBelow(e.stable() - keptForLaggards);
    } else if (effect instanceof Effect.Query e) {
      answer(e.read());
    } else {
      return performTransfer(effect);
    }
    return true;
  }

  private void execute(Effect.Execute e) {
    List<Result> results = new ArrayList<>();
    for (Request request : e.requests()) {
      ExecutionContext context = new ExecutionContext(e.sequence(), e.time(), request.client());
      Result result = run(request, context);
      driver.onExecuted(context, results.size(), request, result);
      results.add(result);
    }
    executed = e.sequence();
    driver.post(new Event.Executed(driver.nowMillis(), e.sequence(), results));
  }

  private Result run(Request request, ExecutionContext context) {
    try {
      byte[] bytes =
          request.kind() == Request.Kind.READ
              ? machine.query(request.operation())
              : machine.execute(request.operation(), context);
      return new Result(Result.Outcome.OK, bytes);
    } catch (RuntimeException e) {
      byte[] name = e.getClass().getName().getBytes(StandardCharsets.UTF_8);
      return new Result(Result.Outcome.FAILED, name);
    }
  }

  private void answer(ReadRequest read) {
    Result result = new Result(Result.Outcome.OK, machine.query(read.operation()));
    driver.answer(
        read.client(),
        read.session(),
        new ReadReply(
            read.session(), read.nonce(), executed, result.digest(), result, driver.id()));
  }

  private boolean performTransfer(Effect effect) {
    if (effect instanceof Effect.SendManifest e) {
      sendManifest(e);
    } else if (effect instanceof Effect.SendChunk e) {
      sendChunk(e);
    } else if (effect instanceof Effect.StageManifest e) {
      stage(e.manifest());
    } else if (effect instanceof Effect.StageChunk e) {
      stagedChunks.put(e.index(), e.bytes());
    } else if (effect instanceof Effect.InstallSnapshot e) {
      install(e.sequence());
    } else {
      return false;
    }
    return true;
  }

  private void sendManifest(Effect.SendManifest e) {
    KeptSnapshot kept = snapshots.get(e.sequence());
    if (kept != null) {
      driver.send(e.to(), new Manifest(e.sequence(), kept.meta(), kept.leaves(), driver.id()));
    }
  }

  private void sendChunk(Effect.SendChunk e) {
    KeptSnapshot kept = snapshots.get(e.sequence());
    if (kept != null && e.index() < kept.state().chunks()) {
      byte[] bytes = kept.state().chunk(e.index());
      driver.send(e.to(), new Chunk(e.sequence(), e.index(), bytes, driver.id()));
    }
  }

  private void stage(Manifest manifest) {
    staged = manifest;
    stagedChunks.clear();
    List<Integer> missing = new ArrayList<>();
    Snapshot here = machine.snapshot();
    List<Digest> have = leaves(here);
    for (int i = 0; i < staged.chunks().size(); i++) {
      int at = have.indexOf(staged.chunks().get(i));
      if (at >= 0) {
        stagedChunks.put(i, here.chunk(at));
      } else {
        missing.add(i);
      }
    }
    driver.post(new Event.ManifestStaged(driver.nowMillis(), staged.sequence(), missing));
  }

  private void install(long sequence) {
    Snapshot snapshot = new Chunks(List.copyOf(stagedChunks.values()));
    machine.restore(snapshot);
    snapshots.put(new KeptSnapshot(sequence, staged.meta(), staged.chunks(), snapshot));
    executed = sequence;
    driver.onInstalled(sequence);
    driver.post(new Event.SnapshotInstalled(driver.nowMillis(), sequence));
  }

  private static List<Digest> leaves(Snapshot snapshot) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < snapshot.chunks(); i++) {
      leaves.add(ChunkTree.leaf(snapshot.chunk(i)));
    }
    return leaves;
  }
}
