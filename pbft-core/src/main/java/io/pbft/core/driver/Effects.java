package io.pbft.core.driver;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.FetchChunks;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.Transport;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Carries out a core's effects. Owner thread only. */
final class Effects {
  /** Checkpoints below the stable one whose snapshots stay, for replicas that are fetching them. */
  private static final int KEPT_FOR_LAGGARDS = 2;

  private final int self;
  private final ProtocolConfig config;
  private final Sealer sealer;
  private final Journal journal;
  private final Outbox outbox;
  private final ExecutionHost execution;
  private final StateHost state;
  private final Deadlines deadlines;
  private final DriverTime time;
  private final ReplicaListener listener;
  private final RefusalCounters refusals;
  private final ChunkServer server;
  private final LongConsumer stable;
  private final Consumer<Event> answers;
  private long fruitless;
  private long lastExecuted;

  /** The fetched state that the core does not know of yet, 0 when there is none. */
  private long installed;

  private byte[] installedMeta;

  /**
   * @param answers takes the events that answer effects; must not call back
   */
  Effects(ReplicaDriver.Parts parts, Shared shared, Outbox outbox, Consumer<Event> answers) {
    this.self = parts.replica();
    this.config = parts.protocol();
    this.sealer = parts.sealer();
    this.journal = parts.journal();
    this.outbox = outbox;
    this.execution = new ExecutionHost(parts.machine(), config.limits().resultBytes());
    this.state = new StateHost(parts.machine(), parts.snapshots());
    this.deadlines = shared.deadlines();
    this.time = shared.time();
    this.listener = shared.listener();
    this.refusals = shared.refusals();
    this.stable = shared.stable();
    this.answers = answers;
    this.server =
        new ChunkServer(
            self,
            config,
            parts.snapshots(),
            (to, answer) -> {
              shared.transport().sendToReplica(to, sealer.payload(answer));
              shared.transport().flush();
            },
            time.nanos());
  }

  /** What the driver and its effects both use. */
  record Shared(
      Transport transport,
      Deadlines deadlines,
      DriverTime time,
      ReplicaListener listener,
      RefusalCounters refusals,
      LongConsumer stable) {}

  /** Goes back to a snapshot of an earlier life. */
  void recover(long snapshotSequence) {
    if (snapshotSequence > 0) {
      state.restore(snapshotSequence);
      lastExecuted = snapshotSequence;
    }
  }

  void perform(Effect effect) {
    if (!performMessage(effect) && !performState(effect)) {
      performRest(effect);
    }
  }

  private boolean performMessage(Effect effect) {
    if (effect instanceof Effect.Send e) {
      outbox.toReplica(e.to(), payload(e.message(), e.sealed()));
    } else if (effect instanceof Effect.Broadcast e) {
      outbox.toOthers(payload(e.message(), e.sealed()));
    } else if (effect instanceof Effect.Answer e) {
      outbox.toClient(e.client(), e.session(), sealer.payload(e.message()));
    } else if (effect instanceof Effect.Query e) {
      query(e.read());
    } else if (effect instanceof Effect.SendChunks e) {
      sendChunks(e.to(), e.asked());
    } else {
      return false;
    }
    return true;
  }

  private boolean performState(Effect effect) {
    if (effect instanceof Effect.Execute e) {
      List<Result> results = execution.execute(e.sequence(), e.time(), e.requests());
      lastExecuted = e.sequence();
      answers.accept(new Event.Executed(time.millis(), e.sequence(), results));
    } else if (effect instanceof Effect.TakeSnapshot e) {
      // The answers to what it follows need not wait for it.
      outbox.flush();
      state.take(e.sequence(), e.meta());
      announceSnapshots();
    } else if (effect instanceof Effect.SeekState e) {
      List<Digest> missing = state.seek(e.root());
      answers.accept(new Event.ChunksMissing(time.millis(), e.attempt(), missing));
    } else if (effect instanceof Effect.StageChunks e) {
      List<Digest> missing = state.stage(e.chunks());
      answers.accept(new Event.ChunksMissing(time.millis(), e.attempt(), missing));
    } else if (effect instanceof Effect.InstallSnapshot e) {
      install(e);
    } else if (effect instanceof Effect.Unstage) {
      state.unstage();
    } else {
      return false;
    }
    return true;
  }

  private void install(Effect.InstallSnapshot e) {
    installedMeta = state.install(e.sequence(), e.root());
    installed = e.sequence();
    lastExecuted = e.sequence();
    announceSnapshots();
  }

  private void performRest(Effect effect) {
    if (effect instanceof Effect.Observe e) {
      observe(e.observation());
    } else if (effect instanceof Effect.Persist e) {
      outbox.raiseBarrier(journal.append(e.record()));
    } else if (effect instanceof Effect.Arm e) {
      deadlines.arm(e.kind(), e.generation(), e.delayMillis(), time.nanos());
    } else if (effect instanceof Effect.Cancel e) {
      deadlines.cancel(e.kind());
    } else if (effect instanceof Effect.Discard e) {
      long oldest = e.stable() - (long) KEPT_FOR_LAGGARDS * config.checkpointInterval();
      state.discard(oldest, server.beingFetched(time.nanos()));
      journal.discard(e.stable());
      stable.accept(e.stable());
    } else {
      throw new IllegalStateException("an effect without a performer: " + effect.getClass());
    }
  }

  /**
   * Tells the core of the snapshots, taken or fetched, that survive the process: only then may it
   * promise them to others, who discard their logs on its word.
   */
  boolean announceSnapshots() {
    boolean any =
        state.announce(
            (sequence, digest) ->
                answers.accept(new Event.SnapshotTaken(time.millis(), sequence, digest)));
    if (installed > 0 && state.isDurable(installed)) {
      answers.accept(new Event.SnapshotInstalled(time.millis(), installed, installedMeta));
      installed = 0;
      installedMeta = null;
      any = true;
    }
    return any;
  }

  /** Serves other replicas that fetch state, as far as the budget goes. */
  void serve() {
    server.serve(time.nanos());
  }

  /** Nanoseconds until {@link #serve} has something to do; {@code otherwise} when nobody waits. */
  long nanosUntilServing(long otherwise) {
    return server.nanosLeft(time.nanos(), otherwise);
  }

  private byte[] payload(Message message, Envelope sealed) {
    return sealed == null ? sealer.payload(message) : sealer.payload(sealed);
  }

  private void query(ReadRequest read) {
    if (installed > 0) {
      // The core judged the read by the state before.
      refuse(
          Reason.CLIENT_THROTTLED,
          MessageType.READ_REQUEST,
          Principal.client(read.client()),
          "a fetched state is not durable yet");
      answer(read, ReadReply.refusal(read, self));
      return;
    }
    Result result = execution.query(read.operation());
    ReadReply reply =
        new ReadReply(read.session(), read.nonce(), lastExecuted, result.digest(), result, self);
    answer(read, reply);
  }

  private void answer(ReadRequest read, ReadReply reply) {
    outbox.toClient(read.client(), read.session(), sealer.payload(reply));
  }

  private void sendChunks(int to, FetchChunks asked) {
    if (!server.ask(asked, time.nanos())) {
      refuse(
          Reason.PEER_THROTTLED,
          MessageType.FETCH_CHUNKS,
          Principal.replica(to),
          "too many questions at once");
    }
  }

  private void refuse(Reason reason, MessageType type, Principal peer, String detail) {
    refusals.count(reason);
    listener.onRefused(reason, type, peer, detail);
  }

  /** How often the core has refused something, or had it already. */
  long fruitless() {
    return fruitless;
  }

  private void observe(Observation observation) {
    if (observation instanceof Observation.Refused it) {
      fruitless++;
      refusals.count(it.reason());
    } else if (observation instanceof Observation.Repeated) {
      fruitless++;
    }
    listener.onObservation(observation);
  }
}
