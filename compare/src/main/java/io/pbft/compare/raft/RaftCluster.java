package io.pbft.compare.raft;

import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.model.message.RaftMessage;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.EventQueue;
import io.pbft.compare.sim.Message.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * MicroRaft nodes with text registers under virtual time, every hop taking one millisecond. The
 * client's messages are the harness's: the library has none.
 */
final class RaftCluster {
  static final long HOP_MICROS = 1_000;
  static final int HEARTBEAT_SECONDS = 2;
  static final int ELECTION_TIMEOUT_MILLIS = 500;

  /** After that long without a leader's heartbeat a follower stands for election. */
  static final int PATIENCE_SECONDS = 10;

  private static final long RETRY_MICROS = 200_000;

  /** May replace a message on its way. */
  interface Tamper {
    RaftMessage passes(int from, int to, RaftMessage message);
  }

  private record Endpoint(Integer id) implements RaftEndpoint {
    @Override
    public Object getId() {
      return id;
    }

    @Override
    public int hashCode() {
      return id;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Endpoint that && id.equals(that.id);
    }
  }

  private final int n;
  private final Tamper tamper;
  private final EventQueue queue = new EventQueue();
  private final RaftTypes types = new RaftTypes();
  private final List<RaftNode> nodes = new ArrayList<>();
  private final List<Registers> machines = new ArrayList<>();
  private final TreeSet<Integer> down = new TreeSet<>();
  private final List<CompletableFuture<?>> pending = new ArrayList<>();
  private Counters counters = new Counters().timed(queue::now);
  private long answeredAt = -1;
  private long lastExecutionAt;

  RaftCluster(int n, Tamper tamper) {
    this.n = n;
    this.tamper = tamper;
    List<RaftEndpoint> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(new Endpoint(i));
      machines.add(new Registers());
    }
    for (int i = 0; i < n; i++) {
      nodes.add(node(i, members));
    }
    for (int i = 0; i < n; i++) {
      RaftNode node = nodes.get(i);
      // Each stands for election when it starts; staggered, so that the first election succeeds.
      queue.in(5_000L * i, () -> pending.add(node.start()));
    }
  }

  private RaftNode node(int id, List<RaftEndpoint> members) {
    RaftConfig config =
        RaftConfig.newBuilder()
            .setLeaderElectionTimeoutMillis(ELECTION_TIMEOUT_MILLIS)
            .setLeaderHeartbeatPeriodSecs(HEARTBEAT_SECONDS)
            .setLeaderHeartbeatTimeoutSecs(PATIENCE_SECONDS)
            .build();
    return RaftNode.newBuilder()
        .setGroupId("compare")
        .setLocalEndpoint(members.get(id))
        .setInitialGroupMembers(members)
        .setConfig(config)
        .setExecutor(new Executor(id))
        .setTransport(new Wire(id))
        .setStateMachine(machines.get(id))
        .setRandom(new Random(id))
        .setClock(new VirtualClock(queue))
        .build();
  }

  /** Virtual microseconds since the start. */
  long now() {
    return queue.now();
  }

  long lastExecutionAt() {
    return lastExecutionAt;
  }

  void run(long micros) {
    queue.run(micros);
  }

  /** The counts since the last time; they begin anew. */
  Counters takeCounters() {
    Counters taken = counters;
    counters = new Counters().timed(queue::now);
    return taken;
  }

  /** A node's registers. */
  TreeMap<String, String> state(int node) {
    return machines.get(node).contents;
  }

  /** From now on the node does nothing, and what is sent to it is lost. */
  void crash(int node) {
    down.add(node);
  }

  /** Nodes have no threads and need no end; but all that was asked of them must have succeeded. */
  void checkCalls() {
    for (CompletableFuture<?> each : pending) {
      if (!each.isDone() || each.isCompletedExceptionally()) {
        throw new AssertionError("a call to MicroRaft has not succeeded: " + each);
      }
    }
  }

  /** Waits until all that are up follow one leader that is up. */
  int awaitLeader() {
    for (int millis = 0; millis < 60_000; millis++) {
      queue.run(1_000);
      int leader = leader();
      if (leader >= 0) {
        return leader;
      }
    }
    throw new AssertionError("no Raft leader within 60 s of virtual time");
  }

  private int leader() {
    TreeSet<Integer> leaders = new TreeSet<>();
    for (int i = 0; i < n; i++) {
      if (!down.contains(i)) {
        RaftEndpoint leader = nodes.get(i).getTerm().getLeaderEndpoint();
        leaders.add(leader == null ? -1 : ((Endpoint) leader).id());
      }
    }
    return leaders.size() == 1 && !down.contains(leaders.first()) ? leaders.first() : -1;
  }

  /** Asks the node for an operation; returns when the client has its answer, after the rest. */
  long request(int node, String operation) {
    answeredAt = -1;
    send(n, node, Purpose.CLIENT, "REQUEST", () -> carryOut(node, operation));
    queue.run(10 * HOP_MICROS);
    if (answeredAt < 0) {
      throw new AssertionError("a failure-free request has no answer within ten delays");
    }
    return answeredAt;
  }

  /**
   * Asks one node after the other, from that one on, every 200 ms until there is an answer; returns
   * when it came.
   */
  long insist(int first, String operation) {
    answeredAt = -1;
    for (int i = 0; i < 1_000 && answeredAt < 0; i++) {
      int node = (first + i) % n;
      send(n, node, Purpose.CLIENT, "REQUEST", () -> carryOut(node, operation));
      for (long waited = 0; waited < RETRY_MICROS && answeredAt < 0; waited += HOP_MICROS) {
        queue.run(HOP_MICROS);
      }
    }
    if (answeredAt < 0) {
      throw new AssertionError("no answer within 200 s of virtual time");
    }
    return answeredAt;
  }

  private void carryOut(int node, String operation) {
    CompletableFuture<?> done =
        nodes
            .get(node)
            .replicate(operation)
            .thenAccept(result -> send(node, n, Purpose.CLIENT, "REPLY", this::answered));
    pending.add(done);
  }

  private void answered() {
    if (answeredAt < 0) {
      answeredAt = queue.now();
    }
  }

  private void send(int from, int to, Purpose purpose, String type, Runnable onArrival) {
    counters.sent(from, to, purpose, type);
    queue.in(
        HOP_MICROS,
        () -> {
          if (!down.contains(to)) {
            counters.delivered(from, to, purpose, type);
            onArrival.run();
          }
        });
  }

  /** One node's end of the network. */
  private final class Wire implements Transport {
    private final int from;

    Wire(int from) {
      this.from = from;
    }

    @Override
    public void send(RaftEndpoint target, RaftMessage message) {
      int to = ((Endpoint) target).id();
      String type = types.of(from, to, message);
      RaftMessage told = tamper.passes(from, to, message);
      RaftCluster.this.send(
          from, to, RaftTypes.purpose(type), type, () -> nodes.get(to).handle(told));
    }

    @Override
    public boolean isReachable(RaftEndpoint endpoint) {
      return true;
    }
  }

  /** Runs everything on the event queue. */
  private final class Executor implements RaftNodeExecutor {
    private final int id;

    Executor(int id) {
      this.id = id;
    }

    @Override
    public void execute(Runnable task) {
      schedule(task, 0, TimeUnit.MICROSECONDS);
    }

    @Override
    public void submit(Runnable task) {
      schedule(task, 0, TimeUnit.MICROSECONDS);
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit unit) {
      queue.in(
          unit.toMicros(delay),
          () -> {
            if (!down.contains(id)) {
              task.run();
            }
          });
    }
  }

  /** As the lab's registers: {@code key=value} writes. Notes when it executes. */
  private final class Registers implements StateMachine {
    private final TreeMap<String, String> contents = new TreeMap<>();

    @Override
    public Object runOperation(long commitIndex, Object operation) {
      lastExecutionAt = queue.now();
      if (operation instanceof String text) {
        int equals = text.indexOf('=');
        contents.put(text.substring(0, equals), text.substring(equals + 1));
      }
      return operation;
    }

    @Override
    public void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
      chunks.accept(new TreeMap<>(contents));
    }

    @Override
    public void installSnapshot(long commitIndex, List<Object> chunks) {
      throw new AssertionError("no run is long enough for a snapshot");
    }

    @Override
    public Object getNewTermOperation() {
      return null;
    }
  }
}
