package io.pbft.lab.sim;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.ReplicaCore;
import io.pbft.core.message.Message;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.core.spi.StateMachine;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A cluster and its clients in virtual time: the production core, codec, cryptography, client
 * protocol and (where it is asked for) journal, and everything else simulated. A run follows from
 * its configuration and its {@link Choices} alone.
 *
 * <p>Agreement and validity are checked at every execution. A violation goes to {@link
 * #onViolation}; by default it is thrown as an {@link AssertionError}. Not thread safe; simulations
 * on different threads do not touch each other.
 */
public final class Simulation {
  /** The earlier name of {@link RunListener}. */
  public interface Listener extends RunListener {
    /** Hears nothing. */
    Listener NONE = new Listener() {};
  }

  private static final long START_MILLIS = 1_000_000;

  private final EventQueue queue = new EventQueue();
  private final Network network;
  private final ProtocolConfig config;
  private final IntFunction<StateMachine> machines;
  private final List<SimReplica> replicas = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final TreeSet<Integer> traitors = new TreeSet<>();
  private final List<SimMemory> memories = new ArrayList<>();
  private final List<SimClock> clocks = new ArrayList<>();
  private final Reports reports;
  private final Assembly assembly;
  private final Choices choices;
  private SimReplica twin;

  /** What to build. */
  public static final class Builder {
    private ProtocolConfig config = ProtocolConfig.of(4);
    private AuthenticationMode mode = AuthenticationMode.MAC;
    private int clients = 1;
    private Choices choices = Choices.seeded(1);
    private boolean disks;
    private int twin = -1;
    private Consumer<Network> network = usual -> {};
    private IntFunction<Defences> defences = id -> Defences.ALL;
    private IntFunction<StateMachine> machines = id -> new RegisterMachine();
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

    /** Everything left to chance is drawn from a seed; see {@link #choices}. */
    public Builder seed(long value) {
      return choices(Choices.seeded(value));
    }

    /** Where everything left to chance is drawn from; the traitors' lies should come from here. */
    public Builder choices(Choices value) {
      choices = value;
      return this;
    }

    /**
     * Whether replicas keep their memory by the production journal on simulated disks, which take
     * time and can lose what was not made durable. Else memory is perfect and immediate.
     */
    public Builder disks(boolean value) {
      disks = value;
      return this;
    }

    /** What the network is like from the first message on. */
    public Builder network(Consumer<Network> value) {
      network = value;
      return this;
    }

    /**
     * The replica that runs twice, with one key (catalogue X01): both copies are honest, and know
     * nothing of each other. It counts as a traitor. The second copy's place is n, for {@link
     * Network#partition}; without a partition both hear everything.
     */
    public Builder twin(int id) {
      twin = id;
      return this;
    }

    /** Which defences each replica has; all of them, unless a test shows what one is good for. */
    public Builder defences(IntFunction<Defences> value) {
      defences = value;
      return this;
    }

    public Builder machine(Supplier<StateMachine> value) {
      return machines(id -> value.get());
    }

    /** What each replica runs; for -1, what it should run, by which the oracles judge. */
    public Builder machines(IntFunction<StateMachine> value) {
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
    machines = builder.machines;
    choices = builder.choices;
    Listeners listeners = new Listeners();
    reports = new Reports(this, listeners);
    assembly = new Assembly(this, builder.mode, builder.clients, builder.defences);
    network = new Network(queue, choices, listeners);
    builder.network.accept(network);
    for (int i = 0; i < config.n(); i++) {
      clocks.add(new SimClock(queue, START_MILLIS * 1000));
      memories.add(builder.disks ? assembly.disk(i, queue) : new RamMemory());
      replicas.add(build(i, builder.traitors.apply(i)));
    }
    if (builder.twin >= 0) {
      traitors.add(builder.twin);
      SimClock clock = clocks.get(builder.twin);
      twin = assembly.replica(builder.twin, config.n(), null, new RamMemory(), clock);
    }
    for (int i = 0; i < builder.clients; i++) {
      clients.add(assembly.client(i));
    }
    replicas.forEach(r -> r.start(false));
    if (twin != null) {
      twin.start(false);
    }
    clients.forEach(SimClient::connect);
  }

  private SimReplica build(int id, UnaryOperator<ReplicaCore> traitor) {
    return assembly.replica(id, id, traitor, memories.get(id), clocks.get(id));
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

  /** Adds a listener. */
  public Simulation listener(RunListener value) {
    reports.listeners().add(value);
    return this;
  }

  /** Takes violations from now on, instead of their being thrown. */
  public Simulation onViolation(Consumer<Violation> value) {
    reports.onViolation(value);
    return this;
  }

  /** What is left to chance, and was drawn so far. */
  public Choices choices() {
    return choices;
  }

  /** What correct replicas have executed. */
  public Ledger ledger() {
    return reports.ledger();
  }

  public int clientCount() {
    return clients.size();
  }

  /** A service of the kind that the replicas run, in its initial state. */
  public StateMachine newMachine() {
    return newMachine(-1);
  }

  StateMachine newMachine(int replica) {
    return machines.apply(replica);
  }

  /** Whether the replica has ever been wrapped as a traitor, or was marked as one. */
  public boolean isTraitor(int id) {
    return traitors.contains(id);
  }

  /** Counts the replica as faulty: for one whose machine, not whose core, has turned on it. */
  public void markTraitor(int id) {
    traitors.add(id);
  }

  /** Counts the replica as correct again: for one that has started anew, clean of its traitor. */
  public void unmarkTraitor(int id) {
    traitors.remove(id);
  }

  /** Replicas that count as faulty, ascending. */
  public List<Integer> traitors() {
    return List.copyOf(traitors);
  }

  EventQueue queue() {
    return queue;
  }

  Reports reports() {
    return reports;
  }

  Assembly assembly() {
    return assembly;
  }

  /** Virtual milliseconds; starts at a fixed date. */
  public long nowMillis() {
    return START_MILLIS + queue.now() / 1000;
  }

  /** Virtual microseconds since the start. */
  public long elapsedMicros() {
    return queue.now();
  }

  /** Events that were run so far: deliveries, timers, ends of writes. */
  public long events() {
    return queue.count();
  }

  /** Does something at a virtual time to come. */
  public void after(long millis, Runnable action) {
    queue.in(millis * 1000, action);
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

  /** The replica's clock. */
  public SimClock clock(int id) {
    return clocks.get(id);
  }

  /**
   * The replica's disk.
   *
   * @throws IllegalStateException if the simulation was built without disks
   */
  public SimDisk disk(int id) {
    if (memories.get(id) instanceof SimDisk disk) {
      return disk;
    }
    throw new IllegalStateException("this simulation has no disks");
  }

  /** Kills a replica's process, as SIGKILL does: what it wrote stays. */
  public void crash(int id) {
    stop(id, false);
  }

  /** A replica's machine loses its power: what was not made durable may be lost or torn. */
  public void powerLoss(int id) {
    stop(id, true);
  }

  private void stop(int id, boolean power) {
    SimReplica replica = replicas.get(id);
    if (!replica.isStopped()) {
      replica.stop(power);
      network.detach(replica);
      reports.onStopped(id, power);
    }
  }

  /** A replica does nothing for a while, as in a long garbage collection. */
  public void pause(int id, long millis) {
    SimReplica replica = replicas.get(id);
    replica.pause();
    after(millis, replica::resume);
  }

  /** Starts a crashed replica again, with what it had persisted. */
  public void restart(int id) {
    begin(id, null, false);
  }

  /** Starts a crashed replica again, without anything it knew. */
  public void restartWithoutMemory(int id) {
    restart(id, null);
  }

  /** As {@link #restartWithoutMemory}, with its core wrapped. */
  public void restart(int id, UnaryOperator<ReplicaCore> traitor) {
    memories.get(id).wipe();
    begin(id, traitor, true);
  }

  private void begin(int id, UnaryOperator<ReplicaCore> traitor, boolean forgetful) {
    if (!replicas.get(id).isStopped()) {
      throw new IllegalStateException("replica " + id + " has not crashed");
    }
    SimReplica replica = build(id, traitor);
    replicas.set(id, replica);
    replica.start(forgetful);
  }

  /** How often each reason was given, by all replicas that are no traitors. */
  public Map<Reason, Long> refusals() {
    return reports.refusals();
  }

  /** A hash over everything sent and noticed so far, with its time; the same in every JVM. */
  public Digest fingerprint() {
    return reports.fingerprint().value();
  }

  /** What was decided, by sequence number. */
  public TreeMap<Long, Digest> decisions() {
    return reports.ledger().decisions();
  }

  /** Reports a violation found now. */
  public void report(Violation.Kind kind, List<Integer> who, String evidence) {
    reports.report(kind, who, evidence);
  }

  void toClient(SimReplica from, int client, long session, Message message, byte[] payload) {
    if (client < clients.size() && clients.get(client).session() == session) {
      reports.onSend(from.principal(), Principal.client(client), message, payload);
      network.send(from, Principal.client(client), payload);
    }
  }
}
