package io.pbft.lab.sim;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ReplicaCore;
import io.pbft.core.TimerKind;
import io.pbft.core.message.Manifest;
import io.pbft.core.message.Message;
import io.pbft.core.message.ReadReply;
import io.pbft.core.message.ReadRequest;
import io.pbft.core.message.Request;
import io.pbft.core.message.Result;
import io.pbft.core.spi.ExecutionContext;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.Snapshot;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.transfer.ChunkTree;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A production core with the world around it replaced by virtual time. */
public final class SimReplica implements Node {
  private record Kept(byte[] meta, Snapshot snapshot) {}

  private final Simulation world;
  private final Principal self;
  private final ReplicaCore core;
  private final Gatekeeper gatekeeper;
  private final Sealer sealer;
  private final StateMachine machine;
  private final ArrayDeque<Event> inbox = new ArrayDeque<>();
  private final Map<TimerKind, Long> timers = new EnumMap<>(TimerKind.class);
  private final TreeMap<Long, Kept> snapshots = new TreeMap<>();
  private final TreeMap<Integer, byte[]> stagedChunks = new TreeMap<>();
  private final List<LogRecord> journal = new ArrayList<>();
  private Manifest staged;
  private long executed;
  private boolean stopped;

  SimReplica(
      Simulation world,
      int id,
      ReplicaCore core,
      Gatekeeper gatekeeper,
      Sealer sealer,
      StateMachine machine) {
    this.world = world;
    this.self = Principal.replica(id);
    this.core = core;
    this.gatekeeper = gatekeeper;
    this.sealer = sealer;
    this.machine = machine;
  }

  @Override
  public Principal principal() {
    return self;
  }

  public int id() {
    return self.id();
  }

  public CoreStatus status() {
    return core.status();
  }

  public StateMachine machine() {
    return machine;
  }

  public boolean isStopped() {
    return stopped;
  }

  void start(Recovered recovered) {
    post(new Event.Started(now(), recovered));
  }

  /** What a later life finds: every record that was persisted, and the newest snapshot. */
  Recovered remains() {
    if (snapshots.isEmpty()) {
      return new Recovered(journal.isEmpty(), List.copyOf(journal), 0, new byte[0]);
    }
    long newest = snapshots.lastKey();
    byte[] meta = snapshots.get(newest).meta();
    return new Recovered(false, List.copyOf(journal), newest, meta);
  }

  /** Takes over the disk of an earlier life. */
  void inherit(SimReplica earlier) {
    journal.addAll(earlier.journal);
    snapshots.putAll(earlier.snapshots);
    if (!snapshots.isEmpty()) {
      machine.restore(snapshots.lastEntry().getValue().snapshot());
      executed = snapshots.lastKey();
    }
  }

  /** As SIGKILL: nothing more comes from it. */
  void stop() {
    stopped = true;
  }

  private long now() {
    return world.nowMillis();
  }

  @Override
  public void receive(Principal from, byte[] payload) {
    if (stopped) {
      return;
    }
    Admission admission = gatekeeper.admit(from, payload);
    if (admission instanceof Admission.Admitted admitted) {
      post(new Event.Delivered(now(), admitted.message()));
    } else if (admission instanceof Admission.Refused refused) {
      int sender = from.kind() == Principal.Kind.REPLICA ? from.id() : -1;
      world.observe(this, new Observation.Refused(refused.reason(), refused.type(), sender));
    }
  }

  private void post(Event event) {
    inbox.add(event);
    while (!inbox.isEmpty() && !stopped) {
      for (Effect effect : List.copyOf(core.step(inbox.remove()))) {
        perform(effect);
      }
      world.check();
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Send e) {
      byte[] payload =
          e.sealed() == null ? sealer.payload(e.message()) : sealer.payload(e.sealed());
      send(Principal.replica(e.to()), e.message(), payload);
    } else if (effect instanceof Effect.Broadcast e) {
      byte[] payload =
          e.sealed() == null ? sealer.payload(e.message()) : sealer.payload(e.sealed());
      for (int i = 0; i < world.config().n(); i++) {
        if (i != id()) {
          send(Principal.replica(i), e.message(), payload);
        }
      }
    } else if (effect instanceof Effect.Answer e) {
      world.toClient(self, e.client(), e.session(), sealer.payload(e.message()));
    } else if (effect instanceof Effect.Execute e) {
      execute(e);
    } else if (effect instanceof Effect.Persist e) {
      journal.add(e.record());
    } else if (effect instanceof Effect.Observe e) {
      world.observe(this, e.observation());
    } else if (effect instanceof Effect.Arm e) {
      arm(e);
    } else if (effect instanceof Effect.Cancel e) {
      timers.remove(e.kind());
    } else {
      performState(effect);
    }
  }

  private void send(Principal to, Message message, byte[] payload) {
    world.onSend(self, to, message);
    world.network().send(self, to, payload);
  }

  private void arm(Effect.Arm e) {
    timers.put(e.kind(), e.generation());
    world
        .queue()
        .in(
            e.delayMillis() * 1000,
            () -> {
              Long current = timers.get(e.kind());
              if (!stopped && current != null && current == e.generation()) {
                timers.remove(e.kind());
                post(new Event.TimerFired(now(), e.kind(), e.generation()));
              }
            });
  }

  private void execute(Effect.Execute e) {
    List<Result> results = new ArrayList<>();
    for (Request request : e.requests()) {
      world.onExecute(this, e.sequence(), request);
      results.add(run(request, new ExecutionContext(e.sequence(), e.time(), request.client())));
    }
    executed = e.sequence();
    inbox.add(new Event.Executed(now(), e.sequence(), results));
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

  private void performState(Effect effect) {
    if (effect instanceof Effect.TakeSnapshot e) {
      Snapshot snapshot = machine.snapshot();
      snapshots.put(e.sequence(), new Kept(e.meta(), snapshot));
      inbox.add(new Event.SnapshotTaken(now(), e.sequence(), ChunkTree.root(leaves(snapshot))));
    } else if (effect instanceof Effect.Discard e) {
      snapshots.headMap(e.stable()).clear();
    } else if (effect instanceof Effect.SendManifest e) {
      Kept kept = snapshots.get(e.sequence());
      if (kept != null) {
        Manifest manifest = new Manifest(e.sequence(), kept.meta(), leaves(kept.snapshot()), id());
        send(Principal.replica(e.to()), manifest, sealer.payload(manifest));
      }
    } else if (effect instanceof Effect.SendChunk e) {
      Kept kept = snapshots.get(e.sequence());
      if (kept != null && e.index() < kept.snapshot().chunks()) {
        var chunk =
            new io.pbft.core.message.Chunk(
                e.sequence(), e.index(), kept.snapshot().chunk(e.index()), id());
        send(Principal.replica(e.to()), chunk, sealer.payload(chunk));
      }
    } else if (effect instanceof Effect.Query e) {
      answer(e.read());
    } else {
      performInstall(effect);
    }
  }

  private void performInstall(Effect effect) {
    if (effect instanceof Effect.StageManifest e) {
      staged = e.manifest();
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
      inbox.add(new Event.ManifestStaged(now(), staged.sequence(), missing));
    } else if (effect instanceof Effect.StageChunk e) {
      stagedChunks.put(e.index(), e.bytes());
    } else if (effect instanceof Effect.InstallSnapshot e) {
      List<byte[]> chunks = List.copyOf(stagedChunks.values());
      Snapshot snapshot = new Chunks(chunks);
      machine.restore(snapshot);
      snapshots.put(e.sequence(), new Kept(staged.meta(), snapshot));
      executed = e.sequence();
      world.onInstalled(this, e.sequence());
      inbox.add(new Event.SnapshotInstalled(now(), e.sequence()));
    }
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

  private static List<Digest> leaves(Snapshot snapshot) {
    List<Digest> leaves = new ArrayList<>();
    for (int i = 0; i < snapshot.chunks(); i++) {
      leaves.add(ChunkTree.leaf(snapshot.chunk(i)));
    }
    return leaves;
  }

  private void answer(ReadRequest read) {
    Result result = new Result(Result.Outcome.OK, machine.query(read.operation()));
    ReadReply reply =
        new ReadReply(read.session(), read.nonce(), executed, result.digest(), result, id());
    world.toClient(self, read.client(), read.session(), sealer.payload(reply));
  }
}
