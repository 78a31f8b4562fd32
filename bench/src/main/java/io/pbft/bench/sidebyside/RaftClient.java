package io.pbft.bench.sidebyside;

import io.pbft.core.message.Reason;
import io.pbft.core.spi.Transport;
import io.pbft.crypto.KeyFiles;
import io.pbft.crypto.Principal;
import io.pbft.crypto.Session;
import io.pbft.net.NettyTransport;
import io.pbft.net.TransportConfig;
import io.pbft.node.ClusterConfig;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client of the Raft group, over the same transport: asks the leader, and who it says is the
 * leader where it is none. One answer is enough, there is nothing to compare. Thread safe.
 */
final class RaftClient implements Target, Transport.Listener {
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

  private record Waiting(byte[] payload, CompletableFuture<byte[]> answer) {}

  private final int replicas;
  private final NettyTransport net;
  private final CountDownLatch connected;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private volatile int leader;

  RaftClient(Path directory, int replicas, int session) throws Exception {
    this.replicas = replicas;
    this.connected = new CountDownLatch(replicas);
    ClusterConfig config = ClusterConfig.load(directory);
    net =
        NettyTransport.client(
            TransportConfig.of(config.protocol().limits()),
            config.handshake(
                Principal.client(0), KeyFiles.read(directory.resolve("client-0/key.pem"))),
            session,
            RaftReplica.addresses(config, replicas),
            this);
    if (!connected.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("no links with the Raft group within a minute");
    }
  }

  @Override
  public CompletableFuture<byte[]> invoke(byte[] operation) {
    long number = numbers.incrementAndGet();
    byte[] payload =
        ByteBuffer.allocate(Long.BYTES + operation.length).putLong(number).put(operation).array();
    Waiting one = new Waiting(payload, new CompletableFuture<>());
    waiting.put(number, one);
    send(one);
    return one.answer();
  }

  private void send(Waiting one) {
    net.sendToReplica(leader, one.payload());
    net.flush();
  }

  @Override
  public void onPayload(Principal peer, long session, byte[] buffer, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(buffer, offset, length);
    long number = in.getLong();
    if (in.get() == RaftReplica.DONE) {
      byte[] result = new byte[in.remaining()];
      in.get(result);
      waiting.remove(number).answer().complete(result);
      return;
    }
    int hint = in.getInt();
    leader = hint >= 0 ? hint : (peer.id() + 1) % replicas;
    LATER.execute(() -> send(waiting.get(number)));
  }

  @Override
  public void onConnected(Session session) {
    connected.countDown();
  }

  @Override
  public void onDisconnected(Principal peer, long session) {}

  @Override
  public void onRefused(Principal peer, Reason reason, String detail) {
    System.err.println("the Raft client refuses " + peer + ": " + reason + " " + detail);
  }

  @Override
  public void close() {
    net.close();
  }
}
