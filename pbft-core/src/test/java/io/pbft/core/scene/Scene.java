package io.pbft.core.scene;

import io.pbft.core.CoreStatus;
import io.pbft.core.Effect;
import io.pbft.core.Event;
import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.TimerKind;
import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.BatchBody;
import io.pbft.core.message.Checkpoint;
import io.pbft.core.message.Commit;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Complaint;
import io.pbft.core.message.Message;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.ReplicaMessage;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.Result;
import io.pbft.core.message.Status;
import io.pbft.core.message.ViewChange;
import io.pbft.core.replica.Replica;
import io.pbft.core.spi.LogRecord;
import io.pbft.core.spi.Recovered;
import io.pbft.core.validation.Admission;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.Verified;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One replica core, the peers that a test scripts, and a driver that does at once what the core
 * asks for. Each action (a delivery, a timer) forgets the effects of the one before; {@link
 * #effects} are those of the last.
 *
 * <p>Unless told otherwise K is 4, L is 8, the pipeline 4.
 */
public final class Scene {
  private static final long START = 1_000_000;

  private record Armed(long generation, long delay, long deadline) {}

  private final ProtocolConfig config;
  private final Peers peers;
  private final int id;
  private final Gatekeeper door;
  private final Replica core;
  private final Machine machine;
  private final List<LogRecord> journal = new ArrayList<>();
  private final TreeMap<Long, List<String>> states = new TreeMap<>();
  private final Map<TimerKind, Armed> timers = new EnumMap<>(TimerKind.class);
  private final ArrayDeque<Event> answers = new ArrayDeque<>();
  private List<Effect> effects = new ArrayList<>();
  private boolean holding;
  private boolean holdsInstallation;
  private final TreeMap<Long, byte[]> metas = new TreeMap<>();
  private long now = START;

  private Scene(int id, ProtocolConfig config, Recovered recovered, List<String> operations) {
    this.id = id;
    this.config = config;
    this.peers = new Peers(config, AuthenticationMode.MAC);
    this.machine = new Machine(operations);
    this.door = peers.gatekeeper(Principal.replica(id), Peers.keyring(id));
    this.core = new Replica(id, config, peers.sealer(id));
    act(new Event.Started(now, recovered));
  }

  /** Replica {@code id} of 4, in view 0, whose primary is replica 0. */
  public static Scene of(int id) {
    return of(id, config(4));
  }

  public static Scene of(int id, ProtocolConfig config) {
    return new Scene(id, config, Recovered.first(), List.of());
  }

  /** A replica that has lived before and remembers nothing. */
  public static Scene amnesiac(int id) {
    return new Scene(id, config(4), Recovered.amnesiac(), List.of());
  }

  /** The same replica after a crash: it has its newest snapshot, and its journal. */
  public Scene restarted() {
    return restarted(journal.size());
  }

  /** After a crash of which only the journal's first records had reached the disk. */
  public Scene restarted(int records) {
    long newest = states.isEmpty() ? 0 : states.lastKey();
    byte[] meta = newest == 0 ? new byte[0] : metas.get(newest);
    List<LogRecord> kept = List.copyOf(journal.subList(0, records));
    return new Scene(
        id,
        config,
        new Recovered(false, kept, newest, meta),
        states.getOrDefault(newest, List.of()));
  }

  /** After a crash that left the journal alone. */
  public Scene restartedWithoutSnapshot() {
    Recovered recovered = new Recovered(false, journal(), 0, new byte[0]);
    return new Scene(id, config, recovered, List.of());
  }

  /** The nonce of the question that the replica's last STATUS asked. */
  public long nonce() {
    return broadcast(Status.class).get(0).nonce();
  }

  /** Facts persisted so far, oldest first. */
  public List<LogRecord> journal() {
    return List.copyOf(journal);
  }

  public static ProtocolConfig config(int n) {
    return ProtocolConfig.of(n).toBuilder()
        .checkpointInterval(4)
        .logWindow(8)
        .history(0)
        .pipeline(4)
        .clientWindow(16)
        .sessionsPerClient(4)
        .requestTimeoutMillis(300)
        .viewChangeTimeoutMillis(400)
        .viewChangeTimeoutCapMillis(1600)
        .build();
  }

  // What happens

  /** One event, and what follows from it inside the replica. */
  public Scene act(Event event) {
    effects = new ArrayList<>();
    step(event);
    return this;
  }

  private void step(Event event) {
    List<Effect> done = List.copyOf(core.step(event));
    effects.addAll(done);
    done.forEach(this::perform);
    while (!holding && !answers.isEmpty()) {
      step(answers.remove());
    }
  }

  private void perform(Effect effect) {
    if (effect instanceof Effect.Arm arm) {
      timers.put(
          arm.kind(), new Armed(arm.generation(), arm.delayMillis(), now + arm.delayMillis()));
    } else if (effect instanceof Effect.Cancel cancel) {
      timers.remove(cancel.kind());
    } else if (effect instanceof Effect.Persist persist) {
      journal.add(persist.record());
    } else if (effect instanceof Effect.Execute e) {
      List<Result> results = e.requests().stream().map(machine::execute).toList();
      answers.add(new Event.Executed(now, e.sequence(), results));
    } else if (effect instanceof Effect.TakeSnapshot e) {
      metas.put(e.sequence(), e.meta());
      states.put(e.sequence(), machine.operations());
      Digest digest = machine.keep(e.sequence(), e.meta());
      answers.add(new Event.SnapshotTaken(now, e.sequence(), digest));
    } else if (effect instanceof Effect.SeekState e) {
      answers.add(new Event.ChunksMissing(now, e.attempt(), machine.seek(e.root())));
    } else if (effect instanceof Effect.StageChunks e) {
      answers.add(new Event.ChunksMissing(now, e.attempt(), machine.stage(e.chunks())));
    } else if (effect instanceof Effect.InstallSnapshot e) {
      byte[] meta = machine.install(e.sequence(), e.root());
      holding |= holdsInstallation;
      answers.add(new Event.SnapshotInstalled(now, e.sequence(), meta));
    }
  }

  /** From when a fetched state is to be installed, nothing is answered. */
  public Scene holdInstallation() {
    holdsInstallation = true;
    return this;
  }

  /** From now on results, snapshots and the like stay away. */
  public Scene hold() {
    holding = true;
    return this;
  }

  /** What was held arrives. */
  public Scene release() {
    holding = false;
    holdsInstallation = false;
    effects = new ArrayList<>();
    while (!answers.isEmpty()) {
      step(answers.remove());
    }
    return this;
  }

  /** A replica's message, sealed by it, passes the door and is delivered. */
  public Scene from(int replica, ReplicaMessage message) {
    return deliver(peers.verified(door, replica, message));
  }

  public Scene deliver(Verified<?> message) {
    return act(new Event.Delivered(now, message));
  }

  /** A client's request, over its own link. */
  public Scene fromClient(AuthenticatedRequest request) {
    return deliver(Peers.verified(door, clientOf(request), payload(request, false)));
  }

  /** A client asks again, and every replica for its full result. */
  public Scene fromClientAskingAll(AuthenticatedRequest request) {
    return deliver(Peers.verified(door, clientOf(request), payload(request, true)));
  }

  /** A request that a replica passes on. */
  public Scene forwarded(int replica, AuthenticatedRequest request) {
    return deliver(Peers.verified(door, Principal.replica(replica), payload(request, false)));
  }

  private byte[] payload(AuthenticatedRequest request, boolean full) {
    return peers.sealer(0).payload(new RequestMessage(request, full));
  }

  private static Principal clientOf(AuthenticatedRequest request) {
    return Principal.client(request.request().client());
  }

  /** Time passes; no timer fires by itself. */
  public Scene pass(long millis) {
    now += millis;
    return this;
  }

  /** As many others as it takes for this replica to leave, if it says the same. */
  public Scene othersFindThePrimaryLate() {
    int primary = config.quorums().primary(view());
    List<Effect> all = new ArrayList<>();
    List<Integer> enough =
        others().filter(i -> i != primary).limit(config.quorums().weak() - 1L).toList();
    for (int i : enough) {
      Status late = new Status(view(), true, 0, 0, 0, Complaint.PRIMARY_LATE, i);
      all.addAll(from(i, late).effects());
    }
    effects = all;
    return this;
  }

  /** The armed timer's time comes. */
  public Scene fire(TimerKind kind) {
    Armed timer = timers.remove(kind);
    if (timer == null) {
      throw new AssertionError(kind + " is not armed");
    }
    now = Math.max(now, timer.deadline());
    return act(new Event.TimerFired(now, kind, timer.generation()));
  }

  // The normal case

  /** PRE-PREPARE of the current view's primary. */
  public Scene prePrepare(long sequence, Batch batch) {
    int primary = config.quorums().primary(view());
    return from(primary, new PrePrepare(view(), sequence, batch.digest(), batch, primary));
  }

  /** PREPAREs of these replicas in the current view. */
  public Scene prepares(long sequence, Digest digest, int... replicas) {
    for (int replica : replicas) {
      from(replica, new Prepare(view(), sequence, digest, replica));
    }
    return this;
  }

  /** COMMITs of these replicas in the current view. */
  public Scene commits(long sequence, Digest digest, int... replicas) {
    for (int replica : replicas) {
      from(replica, new Commit(view(), sequence, digest, replica));
    }
    return this;
  }

  /**
   * Everybody else orders the batch as the protocol says. A primary is sent the batch's requests,
   * and must make this very batch of them: one request at a time.
   */
  public Scene ordered(long sequence, Batch batch) {
    List<Effect> all = new ArrayList<>();
    int primary = config.quorums().primary(view());
    if (primary != id) {
      all.addAll(prePrepare(sequence, batch).effects());
    } else {
      batch.requests().forEach(request -> all.addAll(fromClient(request).effects()));
    }
    int[] others = others().filter(i -> i != primary).mapToInt(i -> i).toArray();
    for (int other : others) {
      all.addAll(prepares(sequence, batch.digest(), other).effects());
    }
    for (int other : others().mapToInt(i -> i).toArray()) {
      all.addAll(commits(sequence, batch.digest(), other).effects());
    }
    effects = all;
    return this;
  }

  /**
   * Sequence numbers up to {@code last} are ordered, each with one request of client 0, all
   * proposed when the scene began: "op1", "op2" and so on.
   */
  public Scene orderedUpTo(long last) {
    List<Effect> all = new ArrayList<>();
    for (long s = status().lastExecuted() + 1; s <= last; s++) {
      all.addAll(ordered(s, batchOf(s)).effects());
    }
    effects = all;
    return this;
  }

  /** What {@link #orderedUpTo} orders at a sequence number. */
  public Batch batchOf(long sequence) {
    return new Batch(START, List.of(signed(request(0, 1, sequence, "op" + sequence))));
  }

  /** These replicas claim that batches are committed, from a sequence number on. */
  public Scene claimsAll(long first, List<Digest> digests, int... replicas) {
    for (int replica : replicas) {
      from(replica, new Committed(first, digests, replica));
    }
    return this;
  }

  /** These replicas claim that the batch is committed. */
  public Scene claims(long sequence, Digest digest, int... replicas) {
    return claimsAll(sequence, List.of(digest), replicas);
  }

  /** A replica sends the body that was asked for. */
  public Scene body(int replica, long sequence, Batch batch) {
    return from(replica, new BatchBody(sequence, batch, replica));
  }

  /** Why the door refuses a proposal of the current view's primary. */
  public Reason refusalOf(int primary, Batch batch) {
    PrePrepare message = new PrePrepare(view(), 1, batch.digest(), batch, primary);
    Admission admission =
        door.admit(Principal.replica(primary), peers.sealer(primary).payload(message));
    return ((Admission.Refused) admission).reason();
  }

  /** All others vouch for a checkpoint of {@link #orderedUpTo}'s batches. */
  public Scene stable(long sequence) {
    Honest honest = new Honest(config, sequence);
    List<Effect> all = new ArrayList<>();
    others().forEach(i -> all.addAll(from(i, honest.checkpoint(sequence, i)).effects()));
    effects = all;
    return this;
  }

  /** Enough others vouch for a checkpoint that this replica has vouched for. */
  public Scene agreesOn(Checkpoint own) {
    List<Effect> all = new ArrayList<>();
    others()
        .limit(config.quorums().quorum() - 1L)
        .map(i -> from(i, new Checkpoint(own.sequence(), own.digest(), i)).effects())
        .forEach(all::addAll);
    effects = all;
    return this;
  }

  /**
   * All others ask for a view with these messages, or as fresh replicas when there are none, and
   * its primary starts it. A replica that is the primary itself starts it when they have asked.
   */
  public Scene entersView(long view, ViewChange... messages) {
    List<ViewChange> support = new ArrayList<>(List.of(messages));
    if (support.isEmpty()) {
      others().forEach(i -> support.add(Changes.fresh(view, i)));
    }
    List<Effect> all = new ArrayList<>();
    support.forEach(m -> all.addAll(from(m.replica(), m).effects()));
    int primary = config.quorums().primary(view);
    if (primary != id) {
      all.addAll(from(primary, Changes.newView(this, support)).effects());
    }
    effects = all;
    if (view() != view || !status().active()) {
      throw new AssertionError("view " + view + " was not entered: " + refused());
    }
    return this;
  }

  /** The other replicas. */
  public Stream<Integer> others() {
    return Stream.iterate(0, i -> i + 1).limit(config.n()).filter(i -> i != id);
  }

  // What is said

  public static Request request(int client, long session, long timestamp, String operation) {
    return request(client, session, timestamp, 1, operation);
  }

  public static Request request(
      int client, long session, long timestamp, long acknowledged, String operation) {
    byte[] bytes = operation.getBytes(StandardCharsets.UTF_8);
    return new Request(client, session, timestamp, acknowledged, Request.Kind.WRITE, bytes);
  }

  public AuthenticatedRequest signed(Request request) {
    return peers.signed(request);
  }

  /** A batch of signed requests, proposed now. */
  public Batch batch(Request... requests) {
    return new Batch(now, Stream.of(requests).map(peers::signed).toList());
  }

  // What came of it

  public List<Effect> effects() {
    return effects;
  }

  /** Effects of one kind, in order. */
  public <E extends Effect> List<E> effects(Class<E> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Messages of one type that were broadcast. */
  public <M extends Message> List<M> broadcast(Class<M> type) {
    return effects(Effect.Broadcast.class).stream()
        .map(Effect.Broadcast::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** Messages of one type that were sent to one replica. */
  public <M extends Message> List<M> sentTo(int replica, Class<M> type) {
    return effects(Effect.Send.class).stream()
        .filter(send -> send.to() == replica)
        .map(Effect.Send::message)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  /** Messages of one type that were sent to single replicas. */
  public <M extends Message> List<M> sent(Class<M> type) {
    return others().flatMap(i -> sentTo(i, type).stream()).toList();
  }

  /** The operations proposed, in order. */
  public List<String> proposed() {
    return broadcast(PrePrepare.class).stream()
        .flatMap(p -> p.batch().requests().stream())
        .map(r -> new String(r.request().operation(), StandardCharsets.UTF_8))
        .toList();
  }

  public List<Reply> replies() {
    return effects(Effect.Answer.class).stream().map(answer -> (Reply) answer.message()).toList();
  }

  /** Observations of one kind, in order. */
  public <O extends Observation> List<O> observed(Class<O> kind) {
    return effects(Effect.Observe.class).stream()
        .map(Effect.Observe::observation)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  public List<Reason> refused() {
    return observed(Observation.Refused.class).stream().map(Observation.Refused::reason).toList();
  }

  public List<Reason> deferred() {
    return observed(Observation.Deferred.class).stream().map(Observation.Deferred::reason).toList();
  }

  /** Operations executed since the beginning of the state. */
  public List<String> executed() {
    return machine.operations();
  }

  /** Whether the timer is armed. */
  public boolean isArmed(TimerKind kind) {
    return timers.containsKey(kind);
  }

  /** The delay of an armed timer, in milliseconds. */
  public long delay(TimerKind kind) {
    return timers.get(kind).delay();
  }

  public long generation(TimerKind kind) {
    return timers.get(kind).generation();
  }

  /** What checks whatever reaches the replica. */
  public Gatekeeper door() {
    return door;
  }

  /** The replica itself. */
  public Replica core() {
    return core;
  }

  public CoreStatus status() {
    return core.status();
  }

  public long view() {
    return core.status().view();
  }

  public long now() {
    return now;
  }

  public int id() {
    return id;
  }

  /** The replicated data at a checkpoint that was taken here. */
  public byte[] meta(long sequence) {
    return metas.get(sequence);
  }

  public Peers peers() {
    return peers;
  }

  public ProtocolConfig config() {
    return config;
  }

  public Machine machine() {
    return machine;
  }
}
