package io.pbft.core.driver;

import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.Chunk;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Result;
import io.pbft.core.spi.Journal;
import io.pbft.core.spi.KeptSnapshot;
import io.pbft.core.spi.SnapshotStore;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

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
  private final TransferBudget budget;
  private final Consumer<Event> answers;
  private final SnapshotStore snapshots;
  private final TreeMap<Long, Digest> taken = new TreeMap<>();
  private long lastExecuted;

  /** The fetched state that the core does not know of yet, 0 when there is none. */
  private long installed;

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
    this.answers = answers;
    this.snapshots = parts.snapshots();
    this.budget =
        new TransferBudget(
            config.n(), config.limits().frameBytes(), config.statusIntervalMillis(), time.nanos());
  }

  /** What the driver and its effects both use. */
  record Shared(
      Deadlines deadlines, DriverTime time, ReplicaListener listener, RefusalCounters refusals) {}

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
    } else if (effect instanceof Effect.SendManifest e) {
      sendManifest(e.to(), e.sequence());
    } else if (effect instanceof Effect.SendChunk e) {
      sendChunk(e.to(), e.sequence(), e.index());
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
      taken.put(e.sequence(), state.take(e.sequence(), e.meta()));
      announceSnapshots();
    } else if (effect instanceof Effect.StageManifest e) {
      List<Integer> missing = state.stage(e.manifest());
      answers.accept(new Event.ManifestStaged(time.millis(), e.manifest().sequence(), missing));
    } else if (effect instanceof Effect.StageChunk e) {
      state.stageChunk(e.sequence(), e.index(), e.bytes());
    } else if (effect instanceof Effect.InstallSnapshot e) {
      install(e.sequence());
    } else {
      return false;
    }
    return true;
  }

  private void install(long sequence) {
    state.install(sequence);
    lastExecuted = sequence;
    installed = sequence;
    // Of the state that this one replaces.
    taken.tailMap(sequence, true).clear();
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
      state.discard(e.stable() - (long) KEPT_FOR_LAGGARDS * config.checkpointInterval());
      journal.discard(e.stable());
    } else {
      throw new IllegalStateException("an effect without a performer: " + effect.getClass());
    }
  }

  /**
   * Tells the core of the snapshots, taken or fetched, that survive the process: only then may it
   * promise them to others, who discard their logs on its word.
   */
  boolean announceSnapshots() {
    long durable = snapshots.durableSequence();
    boolean any = false;
    while (!taken.isEmpty() && taken.firstKey() <= durable) {
      Map.Entry<Long, Digest> first = taken.pollFirstEntry();
      answers.accept(new Event.SnapshotTaken(time.millis(), first.getKey(), first.getValue()));
      any = true;
    }
    if (installed > 0 && installed <= durable) {
      answers.accept(new Event.SnapshotInstalled(time.millis(), installed));
      installed = 0;
      any = true;
    }
    return any;
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
      return;
    }
    Result result = execution.query(read.operation());
    ReadReply reply =
        new ReadReply(read.session(), read.nonce(), lastExecuted, result.digest(), result, self);
    outbox.toClient(read.client(), read.session(), sealer.payload(reply));
  }

  private void sendManifest(int to, long sequence) {
    // Null when it was discarded since the peer learned of it: the peer asks for a newer one.
    KeptSnapshot kept = state.kept(sequence);
    if (kept != null && hasBudget(to, MessageType.FETCH_MANIFEST)) {
      transfer(to, new Manifest(sequence, kept.meta(), kept.leaves(), self));
    }
  }

  private void sendChunk(int to, long sequence, int index) {
    KeptSnapshot kept = state.kept(sequence);
    if (kept != null && index < kept.leaves().size() && hasBudget(to, MessageType.FETCH_CHUNK)) {
      transfer(to, new Chunk(sequence, index, kept.state().chunk(index), self));
    }
  }

  private void transfer(int to, Message message) {
    byte[] payload = sealer.payload(message);
    budget.spend(to, payload.length);
    outbox.toReplica(to, payload);
  }

  private boolean hasBudget(int peer, MessageType asked) {
    boolean room = budget.hasRoom(peer, time.nanos());
    if (!room) {
      Principal asker = Principal.replica(peer);
      refuse(Reason.PEER_THROTTLED, asked, asker, "beyond its transfer budget");
    }
    return room;
  }

  private void refuse(Reason reason, MessageType type, Principal peer, String detail) {
    refusals.count(reason);
    listener.onRefused(reason, type, peer, detail);
  }

  private void observe(Observation observation) {
    if (observation instanceof Observation.Refused refused) {
      refusals.count(refused.reason());
    }
    listener.onObservation(observation);
  }
}
