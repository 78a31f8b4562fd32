package io.pbft.compare.raft;

import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.EventQueue;
import io.pbft.compare.sim.Measured;
import io.pbft.compare.sim.Message.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Failure-free requests to MicroRaft, one at a time, every hop taking one millisecond.
 *
 * <p>What the textbook's Raft sends is counted as ordering; what MicroRaft sends beyond it, its
 * eager notice of a new commit index and the answers to that, by types of their own as background.
 * The client's two messages are the harness's: the library has none.
 */
public final class RaftRun {
  /** MicroRaft's notice of a new commit index; textbook Raft waits for the next entry. */
  public static final String COMMIT_NOTICE = "COMMIT-NOTICE";

  public static final String COMMIT_NOTICE_OK = "COMMIT-NOTICE-OK";
  public static final String APPEND = "APPEND-ENTRIES";
  public static final String APPEND_OK = "APPEND-ENTRIES-OK";
  private static final String PRE_VOTE = "PRE-VOTE";
  private static final String PRE_VOTE_OK = "PRE-VOTE-OK";
  private static final String VOTE = "VOTE";
  private static final String VOTE_OK = "VOTE-OK";

  private static final long HOP_MICROS = 1_000;

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
  private final EventQueue queue = new EventQueue();
  private final List<RaftNode> nodes = new ArrayList<>();
  private final TreeMap<Integer, Long> commitTold = new TreeMap<>();
  private final TreeMap<String, String> answerTypes = new TreeMap<>();
  private final List<CompletableFuture<?>> pending = new ArrayList<>();
  private Counters counters = new Counters();
  private long answeredAt = -1;
  private long lastExecutionAt;

  private RaftRun(int n) {
    this.n = n;
    List<RaftEndpoint> members = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      members.add(new Endpoint(i));
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
            .setLeaderElectionTimeoutMillis(500)
            .setLeaderHeartbeatPeriodSecs(2)
            .setLeaderHeartbeatTimeoutSecs(10)
            .build();
    return RaftNode.newBuilder()
        .setGroupId("compare")
        .setLocalEndpoint(members.get(id))
        .setInitialGroupMembers(members)
        .setConfig(config)
        .setExecutor(new Executor())
        .setTransport(new Wire(id))
        .setStateMachine(new Register())
        .setRandom(new Random(id))
        .setClock(new VirtualClock(queue))
        .build();
  }

  /**
   * @param requests how many to measure, after one that warms up
   */
  public static Measured measure(int n, int requests) {
    RaftRun run = new RaftRun(n);
    RaftNode leader = run.awaitLeader();
    Counters preparation = run.counters;
    run.request(leader);
    run.counters = new Counters();
    long clientDelays = 0;
    long allDelays = 0;
    for (int i = 0; i < requests; i++) {
      long begun = run.queue.now();
      clientDelays = (run.request(leader) - begun) / HOP_MICROS;
      allDelays = (run.lastExecutionAt - begun) / HOP_MICROS;
    }
    run.checkCalls();
    return new Measured(n, requests, run.counters, preparation, clientDelays, allDelays);
  }

  /** Nodes have no threads and need no end; but all that was asked of them must have succeeded. */
  private void checkCalls() {
    for (CompletableFuture<?> each : pending) {
      if (!each.isDone() || each.isCompletedExceptionally()) {
        throw new AssertionError("a call to MicroRaft has not succeeded: " + each);
      }
    }
  }

  /** Waits until all follow one leader. */
  private RaftNode awaitLeader() {
    for (int millis = 0; millis < 20_000; millis++) {
      queue.run(1_000);
      RaftEndpoint leader = nodes.get(0).getTerm().getLeaderEndpoint();
      boolean followed =
          leader != null
              && nodes.stream().allMatch(node -> leader.equals(node.getTerm().getLeaderEndpoint()));
      if (followed) {
        return nodes.get(((Endpoint) leader).id());
      }
    }
    throw new AssertionError("no Raft leader within 20 s of virtual time");
  }

  /** Returns when the client has its answer; then lets the rest arrive. */
  private long request(RaftNode leader) {
    int leaderId = ((Endpoint) leader.getLocalEndpoint()).id();
    int client = n;
    answeredAt = -1;
    send(
        client,
        leaderId,
        Purpose.CLIENT,
        "REQUEST",
        () ->
            pending.add(
                leader
                    .replicate("k=v")
                    .thenAccept(
                        result ->
                            send(
                                leaderId,
                                client,
                                Purpose.CLIENT,
                                "REPLY",
                                () -> answeredAt = queue.now()))));
    queue.run(10 * HOP_MICROS);
    if (answeredAt < 0) {
      throw new AssertionError("a failure-free request has no answer within ten delays");
    }
    return answeredAt;
  }

  private void send(int from, int to, Purpose purpose, String type, Runnable onArrival) {
    counters.sent(from, to, purpose, type);
    queue.in(
        HOP_MICROS,
        () -> {
          counters.delivered(from, to, purpose, type);
          onArrival.run();
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
      String type = type(from, to, message);
      RaftRun.this.send(from, to, purpose(type), type, () -> nodes.get(to).handle(message));
    }

    @Override
    public boolean isReachable(RaftEndpoint endpoint) {
      return true;
    }
  }

  private static Purpose purpose(String type) {
    return switch (type) {
      case APPEND, APPEND_OK -> Purpose.ORDERING;
      case PRE_VOTE, PRE_VOTE_OK, VOTE, VOTE_OK -> Purpose.ELECTION;
      default -> Purpose.BACKGROUND;
    };
  }

  private String type(int from, int to, RaftMessage message) {
    if (message instanceof AppendEntriesRequest m) {
      String type = appendType(to, m);
      answerTypes.put(key(to, from, m.getFlowControlSequenceNumber()), type + "-OK");
      return type;
    } else if (message instanceof AppendEntriesSuccessResponse m) {
      return answerTypes.getOrDefault(
          key(from, to, m.getFlowControlSequenceNumber()), "HEARTBEAT-OK");
    } else if (message instanceof PreVoteRequest) {
      return PRE_VOTE;
    } else if (message instanceof PreVoteResponse) {
      return PRE_VOTE_OK;
    } else if (message instanceof VoteRequest) {
      return VOTE;
    } else if (message instanceof VoteResponse) {
      return VOTE_OK;
    }
    return message.getClass().getSimpleName();
  }

  private String appendType(int to, AppendEntriesRequest m) {
    long told = commitTold.getOrDefault(to, 0L);
    commitTold.put(to, Math.max(told, m.getCommitIndex()));
    if (!m.getLogEntries().isEmpty()) {
      return APPEND;
    }
    return m.getCommitIndex() > told ? COMMIT_NOTICE : "HEARTBEAT";
  }

  private static String key(int follower, int leader, long sequence) {
    return follower + ">" + leader + ":" + sequence;
  }

  /** Runs everything on the event queue. */
  private final class Executor implements RaftNodeExecutor {
    @Override
    public void execute(Runnable task) {
      queue.in(0, task);
    }

    @Override
    public void submit(Runnable task) {
      queue.in(0, task);
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit unit) {
      queue.in(unit.toMicros(delay), task);
    }
  }

  /** Notes when it executes. */
  private final class Register implements StateMachine {
    @Override
    public Object runOperation(long commitIndex, Object operation) {
      lastExecutionAt = queue.now();
      return operation;
    }

    @Override
    public void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
      chunks.accept("");
    }

    @Override
    public void installSnapshot(long commitIndex, List<Object> chunks) {}

    @Override
    public Object getNewTermOperation() {
      return null;
    }
  }
}
