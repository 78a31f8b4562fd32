package io.pbft.bench.sidebyside;

import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.model.message.RaftMessage;
import io.microraft.persistence.NopRaftStore;
import io.microraft.persistence.RaftStore;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import io.pbft.core.message.Reason;
import io.pbft.crypto.KeyFiles;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import io.pbft.net.NettyTransport;
import io.pbft.net.TransportConfig;
import io.pbft.node.ClusterConfig;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One MicroRaft node in a process of its own, over this project's transport: {@code DIRECTORY ID
 * COUNT memory|sync}. The directory is one that {@code pbft init} makes; of its replicas the first
 * COUNT are the Raft group.
 */
final class RaftReplica implements Transport, io.pbft.core.spi.Transport.Listener {
  /** Of a client's answer: carried out. */
  static final byte DONE = 1;

  /** Of a client's answer: ask the replica that follows in four bytes, -1 where none is known. */
  static final byte NOT_LEADER = 0;

  private static final int SNAPSHOT_EVERY = 100_000;
  private static final int MOST_PENDING = 20_000;
  private static final int BATCH = 1_000;
  private static final byte[] NO_RESULT = new byte[0];

  private record Member(Integer id) implements RaftEndpoint {
    @Override
    public Object getId() {
      return id;
    }
  }

  /** Where the answer goes. */
  private record Asked(int client, long session, long number) {}

  private final int id;
  private final List<RaftEndpoint> members;
  private final Turns turns = new Turns(this::flush);
  private final CountDownLatch isBuilt = new CountDownLatch(1);
  private NettyTransport net;
  private RaftNode node;

  private RaftReplica(int id, int count) {
    this.id = id;
    this.members = IntStream.range(0, count).<RaftEndpoint>mapToObj(Member::new).toList();
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    RaftReplica replica = new RaftReplica(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    Path data = directory.resolve("raft-" + args[1]);
    replica.start(directory, args[3].equals("sync") ? new RaftLog(data) : new NopRaftStore());
    System.out.println("ready");
  }

  /** Addresses of the members of the group. */
  static Map<Integer, InetSocketAddress> addresses(ClusterConfig config, int count) {
    Map<Integer, InetSocketAddress> addresses = new TreeMap<>();
    config.replicas().stream()
        .filter(each -> each.id() < count)
        .forEach(each -> addresses.put(each.id(), new InetSocketAddress(each.host(), each.port())));
    return addresses;
  }

  private void start(Path directory, RaftStore store) throws Exception {
    ClusterConfig config = ClusterConfig.load(directory);
    Map<Integer, InetSocketAddress> addresses = addresses(config, members.size());
    net =
        NettyTransport.replica(
            TransportConfig.of(config.protocol().limits()),
            config.handshake(
                Principal.replica(id),
                KeyFiles.read(directory.resolve("replica-" + id).resolve("key.pem"))),
            addresses.get(id),
            addresses,
            this);
    node =
        RaftNode.newBuilder()
            .setGroupId(RaftCodec.GROUP)
            .setLocalEndpoint(members.get(id))
            .setInitialGroupMembers(members)
            .setConfig(
                RaftConfig.newBuilder()
                    .setAppendEntriesRequestBatchSize(BATCH)
                    .setCommitCountToTakeSnapshot(SNAPSHOT_EVERY)
                    .setMaxPendingLogEntryCount(MOST_PENDING)
                    .build())
            .setExecutor(turns)
            .setTransport(this)
            .setStateMachine(new Nothing())
            .setStore(store)
            .build();
    isBuilt.countDown();
    node.start().join();
  }

  private void flush() {
    net.flush();
  }

  @Override
  public void send(RaftEndpoint target, RaftMessage message) {
    net.sendToReplica((Integer) target.getId(), RaftCodec.encode(message));
  }

  @Override
  public boolean isReachable(RaftEndpoint endpoint) {
    return true;
  }

  @Override
  public void onPayload(Principal peer, long session, byte[] buffer, int offset, int length) {
    awaitBuilt();
    ByteBuffer in = ByteBuffer.wrap(buffer, offset, length);
    if (peer.kind() == Principal.Kind.REPLICA) {
      RaftMessage message = RaftCodec.decode(members.get(peer.id()), in);
      turns.add(() -> node.handle(message));
    } else {
      Asked asked = new Asked(peer.id(), session, in.getLong());
      byte[] operation = new byte[in.remaining()];
      in.get(operation);
      turns.add(() -> replicate(asked, operation));
    }
  }

  private void awaitBuilt() {
    try {
      isBuilt.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void replicate(Asked asked, byte[] operation) {
    var unused =
        node.<byte[]>replicate(operation)
            .whenComplete(
                (result, failure) -> answer(asked, failure == null ? result.getResult() : null));
  }

  private void answer(Asked asked, byte[] result) {
    ByteBuffer out;
    if (result != null) {
      out = ByteBuffer.allocate(Long.BYTES + 1 + result.length).putLong(asked.number());
      out.put(DONE).put(result);
    } else {
      RaftEndpoint leader = node.getTerm().getLeaderEndpoint();
      out = ByteBuffer.allocate(Long.BYTES + 1 + Integer.BYTES).putLong(asked.number());
      out.put(NOT_LEADER).putInt(leader == null ? -1 : (Integer) leader.getId());
    }
    net.sendToClient(asked.client(), asked.session(), out.array());
  }

  @Override
  public void onBurstEnd() {
    turns.run();
  }

  @Override
  public void onConnected(Session session) {}

  @Override
  public void onDisconnected(Principal peer, long session) {}

  @Override
  public void onRefused(Principal peer, Reason reason, String detail) {
    System.err.println("raft " + id + " refuses " + peer + ": " + reason + " " + detail);
  }

  /** Answers with nothing; its state is how much it has executed. */
  private static final class Nothing implements StateMachine {
    private long executed;

    @Override
    public Object runOperation(long commitIndex, Object operation) {
      executed++;
      return NO_RESULT;
    }

    @Override
    public void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
      chunks.accept(executed);
    }

    @Override
    public void installSnapshot(long commitIndex, List<Object> chunks) {
      executed = (Long) chunks.get(0);
    }

    @Override
    public Object getNewTermOperation() {
      return NO_RESULT;
    }
  }
}
