package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.pbft.crypto.Principal;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links between peers that mean well. */
@Timeout(30)
class LinkTest {
  private final World world = new World();
  private final Recorder zero = new Recorder();
  private final Recorder one = new Recorder();
  private final Recorder client = new Recorder();
  private final TransportConfig config = World.config().build();

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void replicasAndClientsExchangePayloadsBothWays() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    NettyTransport replica1 = world.replica(1, config, one);
    NettyTransport client7 = world.client(7, 42, config, client);
    zero.await("connected ", 2);
    one.await("connected ", 2);
    client.await("connected ", 2);

    replica0.sendToReplica(1, bytes("down"));
    replica0.sendToClient(7, 42, bytes("reply"));
    replica0.flush();
    replica1.sendToReplica(0, bytes("up"));
    replica1.flush();
    client7.sendToReplica(0, bytes("request"));
    client7.sendToReplica(1, bytes("request too"));
    client7.flush();

    one.await("payload replica 0: down");
    one.await("payload client 7/42: request too");
    zero.await("payload replica 1: up");
    zero.await("payload client 7/42: request");
    client.await("payload replica 0: reply");
    assertThat(replica0.replicasConnected()).isEqualTo(1);
    assertThat(client7.replicasConnected()).isEqualTo(2);
    assertThat(replica0.dropped()).isEmpty();
    assertThat(replica0.refusals()).isEmpty();
  }

  @Test
  @DisplayName("Whoever dials counts as connected when the other side has its key, too")
  void aDialledLinkIsOneOnceThePeerHasSpokenOnIt() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, World.loopback(0).getAddress())) {
      NettyTransport client7 =
          world.closeLater(
              NettyTransport.client(
                  config,
                  World.context(Principal.client(7)),
                  42,
                  Map.of(0, World.loopback(server.getLocalPort())),
                  client));
      RawPeer replica0 = world.closeLater(new RawPeer(server.accept()));
      replica0.answer(World.context(Principal.replica(0)));
      assertThat(client.events()).as("with its last handshake message sent").isEmpty();
      assertThat(client7.replicasConnected()).isZero();

      replica0.write(replica0.sealPacked(new byte[0]));
      client.await("connected replica 0");
      client7.sendToReplica(0, bytes("request"));
      client7.flush();
      assertThat(replica0.receive()).isEqualTo("request");
    }
  }

  @Test
  void whoeverIsDialledSpeaksAtOnce() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    RawPeer client7 = world.closeLater(RawPeer.link(replica0, 0, Principal.client(7), 42));
    assertThat(client7.receiveAny()).isEmpty();
    assertThat(zero.events()).containsExactly("connected client 7/42");
  }

  @Test
  void keepsTheOrderOfWhatWasSent() throws Exception {
    world.replica(0, config, zero);
    NettyTransport replica1 = world.replica(1, config, one);
    one.await("connected ");

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      // Some longer than what is packed into one buffer, and than what Netty reads at once.
      String text = i % 1_000 == 0 ? "x".repeat(100_000 + i) : "message " + i;
      replica1.sendToReplica(0, bytes(text));
      expected.add("payload replica 1: " + (text.length() > 100 ? text.length() + " bytes" : text));
      if (i % 7 == 0) {
        replica1.flush();
      }
    }
    replica1.flush();

    zero.await("payload ", expected.size());
    assertThat(zero.events("payload ")).isEqualTo(expected);
  }

  @Test
  void aBurstEndsAfterItsPayloadsAndItsAnswersAreWrittenAtOnce() throws Exception {
    AtomicReference<NettyTransport> replica0 = new AtomicReference<>();
    Recorder answering =
        new Recorder() {
          @Override
          public void onBurstEnd() {
            add("burst end after " + events("payload").size());
            replica0.get().sendToReplica(1, bytes("answer"));
            replica0.get().flush();
          }
        };
    replica0.set(world.replica(0, config, answering));
    NettyTransport replica1 = world.replica(1, config, one);
    one.await("connected ");

    replica1.sendToReplica(0, bytes("a"));
    replica1.sendToReplica(0, bytes("b"));
    replica1.flush();

    answering.await("burst end after 2");
    one.await("payload replica 0: answer");
    assertThat(answering.events("burst end")).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void anEndOfABurstThatIsAskedForComesOnTheEventLoopAndWritesAtOnce() throws Exception {
    AtomicReference<NettyTransport> replica0 = new AtomicReference<>();
    Recorder sending =
        new Recorder() {
          @Override
          public void onBurstEnd() {
            replica0.get().sendToReplica(1, bytes("from " + Thread.currentThread().getName()));
            replica0.get().flush();
          }
        };
    replica0.set(world.replica(0, config, sending));
    world.replica(1, config, one);
    one.await("connected ");

    assertThat(replica0.get().requestBurstEnd()).isTrue();
    one.await("payload replica 0: from pbft-net-replica-0");
    assertThat(replica0.get().requestBurstEnd()).isTrue();
    one.await("payload replica 0: from pbft-net-replica-0", 2);

    replica0.get().close();
    assertThat(replica0.get().requestBurstEnd()).isFalse();
  }

  @Test
  void manyPayloadsBecomeFewSocketWrites() throws Exception {
    world.replica(0, config, zero);
    NettyTransport replica1 = world.replica(1, config, one);
    one.await("connected ");
    AtomicInteger writes = new AtomicInteger();
    AtomicInteger flushes = new AtomicInteger();
    Channel channel = replica1.link(Principal.replica(0), 0).connection().channel();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                writes.incrementAndGet();
                var unused = ctx.write(msg, promise);
              }

              @Override
              public void flush(ChannelHandlerContext ctx) {
                flushes.incrementAndGet();
                ctx.flush();
              }
            });

    for (int i = 0; i < 10_000; i++) {
      replica1.sendToReplica(0, bytes("message " + i));
    }
    replica1.flush();

    zero.await("payload ", 10_000);
    assertThat(writes.get()).isBetween(1, 30);
    assertThat(flushes.get()).isBetween(1, 30);
  }

  @Test
  void dialsAgainWhenThePeerComesBack() throws Exception {
    NettyTransport first = world.replica(0, config, zero);
    NettyTransport replica1 = world.replica(1, config, one);
    one.await("connected replica 0");

    first.close();
    one.await("disconnected replica 0");
    assertThat(replica1.replicasConnected()).isZero();
    replica1.sendToReplica(0, bytes("lost"));
    assertThat(replica1.dropped()).containsEntry(Principal.replica(0), 1L);

    Recorder reborn = new Recorder();
    world.replica(0, config, reborn, first.port());
    one.await("connected replica 0", 2);
    replica1.sendToReplica(0, bytes("found"));
    replica1.flush();
    reborn.await("payload replica 1: found");
    assertThat(one.events())
        .startsWith("connected replica 0", "disconnected replica 0", "connected replica 0");
  }

  @Test
  void anIdleLinkStaysAndASilentOneDoesNot() throws Exception {
    TransportConfig impatient = World.config().silenceTimeoutMillis(800).build();
    NettyTransport replica0 = world.replica(0, impatient, zero);
    world.replica(1, impatient, one);
    zero.await("connected replica 1");

    // Connected later, and silent: its end proves that the idle link has outlived the time-out.
    RawPeer silent = world.closeLater(RawPeer.link(replica0, 0, Principal.client(1), 1));
    assertThat(silent.receiveAny()).as("a heartbeat").isEmpty();
    zero.await("disconnected client 1/1");

    silent.awaitEnd();
    assertThat(zero.events("disconnected replica")).isEmpty();
    assertThat(zero.events("payload ")).as("heartbeats are not delivered").isEmpty();
    assertThat(replica0.refusals()).as("silence is no offence").isEmpty();
  }

  @Test
  void aNewerLinkReplacesTheOlderWithoutADisconnection() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    RawPeer older = world.closeLater(RawPeer.link(replica0, 0, Principal.client(7), 1));
    zero.await("connected client 7/1");
    RawPeer other = world.closeLater(RawPeer.link(replica0, 0, Principal.client(7), 2));
    RawPeer newer = world.closeLater(RawPeer.link(replica0, 0, Principal.client(7), 1));
    zero.await("connected client 7/1", 2);

    older.awaitEnd();
    replica0.sendToClient(7, 1, bytes("to the newer"));
    replica0.sendToClient(7, 2, bytes("to the other session"));
    replica0.flush();
    assertThat(newer.receive()).isEqualTo("to the newer");
    assertThat(other.receive()).isEqualTo("to the other session");
    newer.close();
    zero.await("disconnected client 7/1");
    other.close();
    zero.await("disconnected client 7/2");
    assertThat(zero.events("disconnected ")).hasSize(2);
  }

  @Test
  void holdsBackClientsOnRequest() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    NettyTransport replica1 = world.replica(1, config, one);
    one.await("connected ");
    NettyTransport client7 = world.client(7, 1, config, client);
    client.await("connected ", 2);
    zero.await("connected ", 2);

    replica0.setIntake(Intake.REPLICAS_ONLY);
    pingPong(replica0, replica1, 1);
    client7.sendToReplica(0, bytes("request"));
    client7.flush();
    pingPong(replica0, replica1, 30);
    assertThat(zero.events("payload client")).isEmpty();

    replica0.setIntake(Intake.ALL);
    zero.await("payload client 7/1: request");
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    InetSocketAddress taken = World.loopback(replica0.port());

    assertThatThrownBy(
            () ->
                NettyTransport.replica(
                    config, World.context(Principal.replica(0)), taken, Map.of(), new Recorder()))
        .isInstanceOf(BindFailedException.class)
        .hasMessage(
            "can't listen on %s:%d: address already in use",
            taken.getHostString(), taken.getPort());
  }

  @Test
  void anUnknownHostToListenOnIsNamed() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no-such-host.invalid", 1);

    assertThatThrownBy(
            () ->
                NettyTransport.replica(
                    config, World.context(Principal.replica(0)), nowhere, Map.of(), new Recorder()))
        .isInstanceOf(BindFailedException.class)
        .hasMessage("can't listen on no-such-host.invalid:1: unknown host");
  }

  @Test
  void transportsThatShareAThreadCloseOneByOne() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    EventLoopThread shared = world.closeLater(EventLoopThread.daemon("shared"));
    Recorder another = new Recorder();
    NettyTransport first = world.client(7, 1, config, client, shared);
    NettyTransport second = world.client(7, 2, config, another, shared);
    zero.await("connected client", 2);
    client.await("connected replica 0");
    another.await("connected replica 0");

    first.close();
    assertThat(client.events("disconnected")).as("closing is no news").isEmpty();
    zero.await("disconnected client 7/1");
    second.sendToReplica(0, bytes("still here"));
    second.flush();
    zero.await("payload client 7/2: still here");
    replica0.sendToClient(7, 2, bytes("so am I"));
    replica0.flush();
    another.await("payload replica 0: so am I");
    assertThat(client.events()).containsExactly("connected replica 0");
  }

  @Test
  void aTransportWhoseThreadHasEndedClosesAtOnce() throws Exception {
    world.replica(0, config, zero);
    EventLoopThread shared = EventLoopThread.daemon("shared");
    NettyTransport first = world.client(7, 1, config, client, shared);
    client.await("connected replica 0");
    shared.close();
    zero.await("disconnected client 7/1");
    first.close();
    first.flush();
  }

  @Test
  void closeLeavesNoThreadAndNoCall() throws Exception {
    NettyTransport replica0 = world.replica(0, config, zero);
    NettyTransport replica1 = world.replica(1, config, one);
    NettyTransport client7 = world.client(7, 1, config, client);
    zero.await("connected ", 2);
    client.await("connected ", 2);
    assertThat(threads()).isNotEmpty();

    client7.close();
    replica1.close();
    replica0.close();
    replica0.close();

    assertThat(threads()).isEmpty();
    assertThat(client.events("disconnected ")).isEmpty();
    replica1.sendToReplica(0, bytes("to nobody"));
    replica1.flush();
    assertThat(replica1.dropped()).containsEntry(Principal.replica(0), 1L);
  }

  private void pingPong(NettyTransport replica0, NettyTransport replica1, int times)
      throws InterruptedException {
    int before = zero.events("payload replica 1: pong").size();
    for (int i = 1; i <= times; i++) {
      replica0.sendToReplica(1, bytes("ping"));
      replica0.flush();
      one.await("payload replica 0: ping", before + i);
      replica1.sendToReplica(0, bytes("pong"));
      replica1.flush();
      zero.await("payload replica 1: pong", before + i);
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("pbft-net") || name.startsWith("globalEventExecutor"))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
