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

    /** About to execute one request. */
    default void onExecute(long sequence, Request request) {}

    /** A fetched state has replaced the application's. */
    default void onInstalled(long sequence) {}
  }

  private static final int ANSWER_BYTES = 256 * 1024;

  private final Driver driver;
  private final StateMachine machine;
  private MemorySnapshots store = new MemorySnapshots();
  private StateHost state;
  private long executed;

  public ApplicationHost(Driver driver, StateMachine machine) {
    this.driver = driver;
    this.machine = machine;
    this.state = new StateHost(machine, store);
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
    KeptSnapshot newest = store.newest();
    return newest == null
        ? new Recovered(journal.isEmpty(), List.copyOf(journal), 0, new byte[0])
        : new Recovered(false, List.copyOf(journal), newest.sequence(), newest.meta());
  }

  /** Takes over the snapshots of an earlier life, and the state of the newest. */
  public void inherit(ApplicationHost earlier) {
    store = earlier.store;
    state = new StateHost(machine, store);
    KeptSnapshot newest = store.newest();
    if (newest != null) {
      state.restore(newest.sequence());
      executed = newest.sequence();
    }
  }

  /** Carries the effect out if it concerns the application; false when it does not. */
  public boolean perform(Effect effect) {
    if (effect instanceof Effect.Execute e) {
      execute(e);
    } else if (effect instanceof Effect.TakeSnapshot e) {
      state.take(e.sequence(), e.meta());
      state.announce(
          (sequence, digest) ->
              driver.post(new Event.SnapshotTaken(driver.nowMillis(), sequence, digest)));
    } else if (effect instanceof Effect.Discard e) {
      state.discard(e.stable(), List.of());
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
    if (effect instanceof Effect.SendChunks e) {
      store.read(
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
    byte[] meta = state.install(e.sequence(), e.root());
    executed = e.sequence();
    driver.onInstalled(e.sequence());
    driver.post(new Event.SnapshotInstalled(driver.nowMillis(), e.sequence(), meta));
  }
}
