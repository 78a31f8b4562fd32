package io.pbft.lab.sim;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    /** About to execute one request. */
    default void onExecute(long sequence, Request request) {}

    /** A fetched state has replaced the application's. */
    default void onInstalled(long sequence) {}
  }

  private record Kept(byte[] meta, Snapshot snapshot) {}

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
  private final TreeMap<Long, Kept> snapshots = new TreeMap<>();
  private final TreeMap<Integer, byte[]> stagedChunks = new TreeMap<>();
  private Manifest staged;
  private long executed;

  public ApplicationHost(Driver driver, StateMachine machine) {
    this.driver = driver;
    this.machine = machine;
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
    if (snapshots.isEmpty()) {
      return new Recovered(journal.isEmpty(), List.copyOf(journal), 0, new byte[0]);
    }
    long newest = snapshots.lastKey();
    return new Recovered(
        false, List.copyOf(journal), newest, snapshots.lastEntry().getValue().meta());
  }

  /** Takes over the snapshots of an earlier life, and the state of the newest. */
  public void inherit(ApplicationHost earlier) {
    snapshots.putAll(earlier.snapshots);
    if (!snapshots.isEmpty()) {
      machine.restore(snapshots.lastEntry().getValue().snapshot());
      executed = snapshots.lastKey();
    }
  }

  /** Carries the effect out if it concerns the application; false when it does not. */
  public boolean perform(Effect effect) {
    if (effect instanceof Effect.Execute e) {
      execute(e);
    } else if (effect instanceof Effect.TakeSnapshot e) {
      Snapshot snapshot = machine.snapshot();
      snapshots.put(e.sequence(), new Kept(e.meta(), snapshot));
      Digest root = ChunkTree.root(leaves(snapshot));
      driver.post(new Event.SnapshotTaken(driver.nowMillis(), e.sequence(), root));
    } else if (effect instanceof Effect.Discard e) {
      snapshots.headMap(e.stable()).clear();
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
      driver.onExecute(e.sequence(), request);
      results.add(run(request, new ExecutionContext(e.sequence(), e.time(), request.client())));
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
    Kept kept = snapshots.get(e.sequence());
    if (kept != null) {
      driver.send(
          e.to(), new Manifest(e.sequence(), kept.meta(), leaves(kept.snapshot()), driver.id()));
    }
  }

  private void sendChunk(Effect.SendChunk e) {
    Kept kept = snapshots.get(e.sequence());
    if (kept != null && e.index() < kept.snapshot().chunks()) {
      byte[] bytes = kept.snapshot().chunk(e.index());
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
    snapshots.put(sequence, new Kept(staged.meta(), snapshot));
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
