package io.pbft.lab.sim;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.driver.MemorySnapshots;
import io.pbft.core.driver.StateHost;
import io.pbft.core.message.Chunks;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.spi.StateMachine;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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

  private static final int ANSWER_BYTES = 256 * 1024;

  private final Driver driver;
  private final StateMachine machine;
  private final long keptForLaggards;
  private SnapshotStore snapshots;
  private StateHost state;

  /** The fetched state that the core does not know of yet, 0 when there is none. */
  private long installed;

  private byte[] installedMeta;
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
    this.keptForLaggards = keptForLaggards;
    takeOver(snapshots);
  }

  private void takeOver(SnapshotStore store) {
    snapshots = store;
    state = new StateHost(machine, store);
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
    takeOver(earlier.snapshots);
    KeptSnapshot newest = snapshots.newest();
    if (newest != null) {
      recover(newest.sequence());
    }
  }

  /** Goes back to a kept snapshot; 0 is the initial state. */
  public void recover(long sequence) {
    if (sequence > 0) {
      state.restore(sequence);
      executed = sequence;
    }
  }

  /** The sequence number that the state is at. */
  public long executed() {
    return executed;
  }

  /** Tells the core of the snapshots, taken or fetched, that have become durable. */
  public void announceSnapshots() {
    state.announce(
        (sequence, digest) ->
            driver.post(new Event.SnapshotTaken(driver.nowMillis(), sequence, digest)));
    if (installed > 0 && state.isDurable(installed)) {
      driver.post(new Event.SnapshotInstalled(driver.nowMillis(), installed, installedMeta));
      installed = 0;
    }
  }

  /** Carries the effect out if it concerns the application; false when it does not. */
  public boolean perform(Effect effect) {
    if (effect instanceof Effect.Execute e) {
      execute(e);
    } else if (effect instanceof Effect.TakeSnapshot e) {
      state.take(e.sequence(), e.meta());
      announceSnapshots();
    } else if (effect instanceof Effect.Discard e) {
      state.discard(e.stable() - keptForLaggards, List.of());
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
    if (installed > 0) {
      // The core judged the read by the state before.
      driver.answer(read.client(), read.session(), ReadReply.refusal(read, driver.id()));
      return;
    }
    Result result = new Result(Result.Outcome.OK, machine.query(read.operation()));
    driver.answer(
        read.client(),
        read.session(),
        new ReadReply(
            read.session(), read.nonce(), executed, result.digest(), result, driver.id()));
  }

  private boolean performTransfer(Effect effect) {
    if (effect instanceof Effect.SendChunks e) {
      snapshots.read(
          e.asked().digests(),
          ANSWER_BYTES,
          chunks -> driver.send(e.to(), new Chunks(e.asked().ticket(), chunks, driver.id())));
    } else if (effect instanceof Effect.SeekState e) {
      postMissing(e.attempt(), state.seek(e.root()));
    } else if (effect instanceof Effect.StageChunks e) {
      postMissing(e.attempt(), state.stage(e.chunks()));
    } else if (effect instanceof Effect.InstallSnapshot e) {
      install(e);
    } else if (effect instanceof Effect.Unstage) {
      state.unstage();
    } else {
      return false;
    }
    return true;
  }

  private void postMissing(long attempt, List<Digest> missing) {
    driver.post(new Event.ChunksMissing(driver.nowMillis(), attempt, missing));
  }

  private void install(Effect.InstallSnapshot e) {
    installedMeta = state.install(e.sequence(), e.root());
    installed = e.sequence();
    executed = e.sequence();
    driver.onInstalled(e.sequence());
    announceSnapshots();
  }
}
