package io.pbft.lab.sim;

import io.pbft.core.Observation;
import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.codec.Codec;
import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Request;
import io.pbft.core.replica.Replica;
import io.pbft.core.spi.Recovered;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.core.validation.ClusterScope;
import io.pbft.core.validation.Gatekeeper;
import io.pbft.core.validation.RequestKeyring;
import io.pbft.core.validation.Sealer;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A cluster and its clients in virtual time. Checks the invariants of agreement and exactly-once
 * execution at every execution, and throws where one breaks.
 */
public final class Simulation {
  /** Sees everything that is noticed and sent, in order. */
  public interface Listener {
    Listener NONE = new Listener() {};

    default void onObservation(long atMicros, int replica, Observation observation) {}

    default void onSend(long atMicros, Principal from, Principal to, Message message) {}
  }

  private final EventQueue queue = new EventQueue();
  private final Network network;
  private final ProtocolConfig config;
  private final AuthenticationMode mode;
  private final Keys keys;
  private final Supplier<StateMachine> machines;
  private final ClusterScope scope = new ClusterScope(Digest.of(new byte[] {7}), 0);
  private final Codec codec;
  private final List<SimReplica> replicas = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final List<RequestKeyring> keyrings = new ArrayList<>();
  private final TreeSet<Integer> traitors = new TreeSet<>();
  private final TreeMap<Long, Digest> decided = new TreeMap<>();
  private final List<TreeSet<Digest>> executedBy = new ArrayList<>();
  private final Map<Reason, Long> refusals = new EnumMap<>(Reason.class);
  private final Hasher fingerprint = Hasher.domain("trace");
  private final int clientCount;
  private Digest traceSoFar = Digest.ZERO;
  private Listener listener = Listener.NONE;

  /** What to build. */
  public static final class Builder {
    private ProtocolConfig config = ProtocolConfig.of(4);
    private AuthenticationMode mode = AuthenticationMode.MAC;
    private int clients = 1;
    private long seed = 1;
    private Supplier<StateMachine> machines = RegisterMachine::new;
    private IntFunction<UnaryOperator<ReplicaCore>> traitors = id -> null;

    public Builder config(ProtocolConfig value) {
      config = value;
      return this;
    }

    public Builder mode(AuthenticationMode value) {
      mode = value;
      return this;
    }

    public Builder clients(int count) {
      clients = count;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder machine(Supplier<StateMachine> value) {
      machines = value;
      return this;
    }

    /** What each replica's core is wrapped in; null for an honest one. */
    public Builder traitors(IntFunction<UnaryOperator<ReplicaCore>> value) {
      traitors = value;
      return this;
    }

    public Simulation build() {
      return new Simulation(this);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  private Simulation(Builder builder) {
    config = builder.config;
    mode = builder.mode;
    machines = builder.machines;
    clientCount = builder.clients;
    keys = new Keys(config.n(), clientCount);
    codec = new Codec(config.limits());
    network = new Network(queue, new SplittableRandom(builder.seed));
    for (int i = 0; i < config.n(); i++) {
      keyrings.add(new RequestKeyring());
      executedBy.add(new TreeSet<>());
      replicas.add(build(i, builder.traitors.apply(i)));
    }
    for (int i = 0; i < clientCount; i++) {
      clients.add(buildClient(i));
    }
    replicas.forEach(r -> r.start(Recovered.first()));
    clients.forEach(SimClient::connect);
  }

  private SimReplica build(int id, UnaryOperator<ReplicaCore> traitor) {
    Sealer sealer = new Sealer(codec, scope, mode, keys.ofReplica(id));
    Gatekeeper gatekeeper =
        new Gatekeeper(
            Principal.replica(id),
            codec,
            scope,
            mode,
            config.clientSignatures(),
            keys,
            keyrings.get(id));
    ReplicaCore core = new Replica(id, config, sealer);
    if (traitor != null) {
      traitors.add(id);
      core = traitor.apply(core);
    }
    SimReplica replica = new SimReplica(this, id, core, gatekeeper, sealer, machines.get());
    network.attach(replica);
    return replica;
  }

  private SimClient buildClient(int id) {
    long session = 1;
    for (int i = 0; i < config.n(); i++) {
      keyrings.get(i).put(id, session, Keys.shared(id, session, i, 0));
    }
    Gatekeeper gatekeeper =
        new Gatekeeper(
            Principal.client(id),
            codec,
            scope,
            mode,
            config.clientSignatures(),
            keys,
            new RequestKeyring());
    Sealer sealer = new Sealer(codec, scope, mode, keys.ofClient(id));
    SimClient client = new SimClient(this, id, session, gatekeeper, sealer);
    network.attach(client);
    return client;
  }

  public ProtocolConfig config() {
    return config;
  }

  public Network network() {
    return network;
  }

  public SimReplica replica(int id) {
    return replicas.get(id);
  }

  public SimClient client(int id) {
    return clients.get(id);
  }

  public Simulation listener(Listener value) {
    listener = value;
    return this;
  }

  EventQueue queue() {
    return queue;
  }

  Codec codec() {
    return codec;
  }

  Keys keys() {
    return keys;
  }

  Sealer sealer(SigningKey key) {
    return new Sealer(codec, scope, mode, key);
  }

  int clientCount() {
    return clients.size();
  }

  /** Virtual milliseconds; starts at a fixed date. */
  public long nowMillis() {
    return 1_000_000 + queue.now() / 1000;
  }

  /** Runs for a while of virtual time. */
  public void run(long millis) {
    long end = queue.now() + millis * 1000;
    while (queue.next() >= 0 && queue.next() <= end) {
      queue.runNext();
    }
    queue.in(end - queue.now(), () -> {});
    queue.runNext();
  }

  /** Runs until the condition holds; false when it still does not after {@code millis}. */
  public boolean runUntil(BooleanSupplier condition, long millis) {
    long end = queue.now() + millis * 1000;
    while (!condition.getAsBoolean()) {
      if (queue.next() < 0 || queue.next() > end) {
        return false;
      }
      queue.runNext();
    }
    return true;
  }

  /** Kills a replica. */
  public void crash(int id) {
    replicas.get(id).stop();
    network.detach(Principal.replica(id));
  }

  /** Starts a crashed replica again, with what it had persisted. */
  public void restart(int id) {
    executedBy.set(id, new TreeSet<>());
    SimReplica earlier = replicas.get(id);
    SimReplica replica = build(id, null);
    replica.inherit(earlier);
    replicas.set(id, replica);
    replica.start(earlier.remains());
  }

  /** Starts a crashed replica again, without anything it knew. */
  public void restartWithoutMemory(int id) {
    restart(id, null);
  }

  /** As {@link #restartWithoutMemory}, with its core wrapped. */
  public void restart(int id, UnaryOperator<ReplicaCore> traitor) {
    executedBy.set(id, new TreeSet<>());
    SimReplica replica = build(id, traitor);
    replicas.set(id, replica);
    replica.start(Recovered.amnesiac());
  }

  /** How often each reason was given, by all replicas that are no traitors. */
  public Map<Reason, Long> refusals() {
    return refusals;
  }

  /** A digest over everything sent and noticed so far, with its time. */
  public Digest fingerprint() {
    return traceSoFar;
  }

  /** What was decided, by sequence number. */
  public TreeMap<Long, Digest> decisions() {
    return decided;
  }

  void toClient(Principal from, int client, long session, byte[] payload) {
    if (client < clients.size() && clients.get(client).session() == session) {
      network.send(from, Principal.client(client), payload);
    }
  }

  void onSend(Principal from, Principal to, Message message) {
    listener.onSend(queue.now(), from, to, message);
    mix(from.toString().hashCode() * 31L + to.toString().hashCode(), message.type().tag());
  }

  void observe(SimReplica replica, Observation observation) {
    listener.onObservation(queue.now(), replica.id(), observation);
    mix(replica.id(), observation.toString().hashCode());
    if (traitors.contains(replica.id())) {
      return;
    }
    if (observation instanceof Observation.Refused refused) {
      refusals.merge(refused.reason(), 1L, Long::sum);
    } else if (observation instanceof Observation.Executing executing) {
      Digest first = decided.putIfAbsent(executing.sequence(), executing.digest());
      if (first != null && !first.equals(executing.digest())) {
        throw new AssertionError(
            "agreement: replica "
                + replica.id()
                + " executes another batch than others at "
                + executing.sequence());
      }
    }
  }

  private void mix(long a, long b) {
    traceSoFar =
        fingerprint.putDigest(traceSoFar).putLong(queue.now()).putLong(a).putLong(b).digest();
  }

  void onExecute(SimReplica replica, long sequence, Request request) {
    if (traitors.contains(replica.id())) {
      return;
    }
    if (!executedBy.get(replica.id()).add(request.digest())) {
      throw new AssertionError(
          "validity: replica " + replica.id() + " executes " + request + " twice, at " + sequence);
    }
    boolean genuine =
        request.client() < clients.size()
            && clients.get(request.client()).requests().contains(request);
    if (!genuine) {
      throw new AssertionError("validity: nobody asked for " + request);
    }
  }

  /** A fetched state replaces what the replica executed itself; from there on it counts anew. */
  void onInstalled(SimReplica replica, long sequence) {
    executedBy.set(replica.id(), new TreeSet<>());
    mix(replica.id(), sequence);
  }

  /** After each step. */
  void check() {
    for (SimReplica replica : replicas) {
      if (replica != null && replica.status().logSize() > config.logWindow()) {
        throw new AssertionError("the log of replica " + replica.id() + " exceeds its window");
      }
    }
  }
}
