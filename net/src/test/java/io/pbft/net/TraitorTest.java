package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Reason;
import io.pbft.crypto.Handshake;
import io.pbft.crypto.Principal;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that have proven who they are, and then misbehave. */
@Timeout(30)
class TraitorTest {
  private static final Principal TRAITOR = Principal.client(7);
  private static final int QUEUE_BYTES = 1 << 20;

  private final World world = new World();
  private final List<Integer> pauses = new CopyOnWriteArrayList<>();
  private final Recorder zero =
      new Recorder() {
        @Override
        public void onRefused(Principal peer, Reason reason, String detail) {
          Link link = TRAITOR.equals(peer) ? replica0.link(TRAITOR, 1) : null;
          if (link != null) {
            boolean reads = link.connection().channel().config().isAutoRead();
            pauses.add(reads ? 0 : replica0.account(TRAITOR.id()).looksPaused());
          }
          super.onRefused(peer, reason, detail);
        }
      };
  private final Recorder one = new Recorder();
  private final TransportConfig config =
      World.config()
          .frameBytes(200_000)
          .clientFrameBytes(150_000)
          .frameTimeoutMillis(1_000)
          .linksPerClient(2)
          .clientLinks(3)
          .clientQueueBytes(QUEUE_BYTES)
          .build();
  private NettyTransport replica0;
  private NettyTransport replica1;

  @BeforeEach
  void connect() throws Exception {
    replica0 = world.replica(0, config, zero);
    replica1 = world.replica(1, config, one);
    one.await("connected replica 0");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @Test
  void aFrameOverTheLimitOfClientsIsRefused() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    traitor.writeLength(config.clientFrameBytes() + 1);

    traitor.awaitEnd();
    expectRefused(Reason.FRAME_TOO_LARGE);
  }

  @Test
  void aFrameOfTwoGigabytesIsRefused() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    traitor.writeLength(Integer.MAX_VALUE);

    traitor.awaitEnd();
    expectRefused(Reason.FRAME_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15})
  void aFrameTooShortForATagIsRefused(int length) throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    traitor.writeFrame(new byte[length]);

    traitor.awaitEnd();
    expectRefused(Reason.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 10, 11, 26})
  void aFlippedBitIsRefusedAndNothingAfterItIsRead(int position) throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    byte[] frame = traitor.seal("payment");
    frame[position] ^= 1;
    byte[] next = traitor.seal("another");
    byte[] both = Arrays.copyOf(frame, frame.length + next.length);
    System.arraycopy(next, 0, both, frame.length, next.length);
    traitor.write(both);

    traitor.awaitEnd();
    expectRefused(Reason.BAD_AUTH);
    assertThat(zero.events("payload client")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00", // not even a length
        "00000000", // an empty payload
        "00000003 6162", // longer than the rest
        "ffffffff 61", // negative
        "7fffffff 61",
        "00000001 61 000000", // a good one, and half a length
        "00000001 61 00000002 61"
      })
  void aFrameThatIsNotMadeOfPayloadsIsRefused(String hex) throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    traitor.write(traitor.sealPacked(HexFormat.of().parseHex(hex.replace(" ", ""))));

    traitor.awaitEnd();
    expectRefused(Reason.MALFORMED);
  }

  @Test
  void manyPayloadsInOneFrameComeInTheirOrder() throws Exception {
    RawPeer peer = link(TRAITOR, 1);
    peer.write(peer.sealPacked(HexFormat.of().parseHex("0000000161000000026263")));

    zero.await("payload client 7/1: bc");
    assertThat(zero.events("payload client"))
        .containsExactly("payload client 7/1: a", "payload client 7/1: bc");
  }

  @Test
  void aReplicaThatIsDialledAndWhoseFirstFrameDoesNotVerifyIsNoLink() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, World.loopback(0).getAddress())) {
      Recorder client = new Recorder();
      world.closeLater(
          NettyTransport.client(
              config,
              World.context(TRAITOR),
              1,
              Map.of(0, World.loopback(server.getLocalPort())),
              client));
      RawPeer traitor = world.closeLater(new RawPeer(server.accept()));
      traitor.answer(World.context(Principal.replica(0)));
      byte[] frame = traitor.seal("payment");
      frame[frame.length - 1] ^= 1;
      traitor.write(frame);

      traitor.awaitEnd();
      client.await("refused BAD_AUTH replica 0");
      assertThat(client.events()).hasSize(1);
    }
  }

  @Test
  void aFrameSentTwiceIsRefused() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    byte[] frame = traitor.seal("payment");
    traitor.write(frame);
    traitor.write(frame);

    traitor.awaitEnd();
    expectRefused(Reason.BAD_AUTH);
    assertThat(zero.events("payload client")).hasSize(1);
  }

  @Test
  void aFrameOfAnotherSessionOfTheSameClientIsRefused() throws Exception {
    RawPeer other = link(TRAITOR, 2);
    RawPeer traitor = link(TRAITOR, 1);
    traitor.write(other.seal("of session 2"));

    traitor.awaitEnd();
    expectRefused(Reason.BAD_AUTH);
    assertThat(zero.events("payload client")).isEmpty();
  }

  @Test
  void aTruncatedFrameIsNeverDelivered() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    traitor.send("whole");
    byte[] frame = traitor.seal("truncated");
    traitor.write(Arrays.copyOf(frame, frame.length - 1));
    traitor.close();

    zero.await("disconnected client 7/1");
    assertThat(zero.events("payload client")).containsExactly("payload client 7/1: whole");
    assertThat(replica0.refusals()).as("a peer that dies is no traitor").isEmpty();
    expectUndisturbed();
  }

  @Test
  void aFrameThatDripsIsClosedAtItsDeadlineHoweverRegularTheDrops() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    byte[] frame = traitor.seal("x".repeat(100_000));
    // Each drop comes when a heartbeat has told that time passes.
    int sent = 0;
    try {
      while (sent < frame.length) {
        traitor.write(new byte[] {frame[sent]});
        sent++;
        traitor.receiveAny();
      }
    } catch (IOException closed) {
      assertThat(closed).isNotNull();
    }

    assertThat(sent).isBetween(2, 1_000);
    expectRefused(Reason.PEER_THROTTLED);
  }

  @Test
  void aPeerThatDoesNotReadCostsABoundedQueueAndItsLink() throws Exception {
    RawPeer deaf = link(TRAITOR, 1);
    RawPeer other = link(Principal.client(8), 1);
    Link link = replica0.link(TRAITOR, 1);
    byte[] payload = new byte[100_000];
    while (zero.events("refused ").isEmpty()) {
      replica0.sendToClient(7, 1, payload);
      replica0.flush();
      assertThat(link.queuedBytes()).isLessThanOrEqualTo(QUEUE_BYTES + payload.length + 64);
      assertThat(waitsInNetty(link)).isLessThan(300_000);
    }
    replica0.sendToClient(8, 1, "for who listens".getBytes(StandardCharsets.UTF_8));
    replica0.flush();
    assertThat(other.receive()).isEqualTo("for who listens");
    zero.await("refused PEER_THROTTLED client 7: nothing was taken");
    zero.await("disconnected client 7/1");
    assertThat(replica0.dropped().get(TRAITOR)).as("what waited is dropped, too").isGreaterThan(5);
    assertThat(replica0.dropped()).containsOnlyKeys(TRAITOR);
    expectUndisturbed();
    deaf.close();
  }

  @Test
  void aClientWhosePayloadsAreRefusedIsNotReadFromForAWhileThatDoubles() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    // A test that is held up in between begins with 1 again.
    while (!pauses.contains(8)) {
      replica0.countRefusal(TRAITOR.id(), 100);
    }
    zero.await("refused PEER_THROTTLED client 7: refused " + config.refusals() + " times", 4);
    assertThat(pauses).startsWith(1).containsSubsequence(1, 2, 4, 8).doesNotContain(0, 3);
    traitor.send("in the end");
    zero.await("payload client 7/1: in the end");
    assertThat(zero.events("disconnected ")).isEmpty();
    expectUndisturbed();
  }

  @Test
  void fewLargePayloadsThatAreRefusedCountAsMuchAsManySmallOnes() throws Exception {
    RawPeer traitor = link(TRAITOR, 1);
    replica0.countRefusal(TRAITOR.id(), (int) config.refusedBytes());
    zero.await("refused PEER_THROTTLED client 7: refused ", 1);
    traitor.send("in the end");
    zero.await("payload client 7/1: in the end");
    expectUndisturbed();
  }

  @Test
  void aNewSessionIsNotReadFromEitherWhileItsClientIsPaused() throws Exception {
    link(TRAITOR, 1);
    while (!pauses.contains(8)) {
      replica0.countRefusal(TRAITOR.id(), 100);
    }
    RawPeer next = link(TRAITOR, 2);
    assertThat(replica0.link(TRAITOR, 2).connection().channel().config().isAutoRead()).isFalse();
    next.send("in the end");
    zero.await("payload client 7/2: in the end");
    assertThat(replica0.account(TRAITOR.id()).looksPaused()).isZero();
    expectUndisturbed();
  }

  @Test
  void aPayloadLongerThanThePeerTakesIsDroppedHere() throws Exception {
    byte[] longest = new byte[config.frameBytes() - 20];
    replica0.sendToReplica(1, new byte[longest.length + 1]);
    replica0.sendToReplica(1, longest);
    replica0.flush();

    one.await("payload replica 0: " + longest.length + " bytes");
    assertThat(replica0.dropped()).isEqualTo(Map.of(Principal.replica(1), 1L));
    assertThat(one.events("disconnected ")).isEmpty();
  }

  @Test
  void oneClientHasABoundedNumberOfSessionsAndTheIdlestGivesWay() throws Exception {
    RawPeer first = link(TRAITOR, 1);
    RawPeer second = link(TRAITOR, 2);
    link(TRAITOR, 3);

    first.awaitEnd();
    zero.await("disconnected client 7/1");
    second.send("alive");
    zero.await("payload client 7/2: alive");
    assertThat(zero.events("disconnected ")).hasSize(1);
  }

  @Test
  void whenThereAreTooManyTheClientWithTheMostSessionsGivesWay() throws Exception {
    link(Principal.client(8), 1);
    link(TRAITOR, 1);
    link(TRAITOR, 2);
    link(Principal.client(9), 1);

    zero.await("refused PEER_THROTTLED client 7");
    assertThat(zero.events("disconnected ")).containsExactly("disconnected client 7/1");
  }

  @Test
  void aReplicaThatDialsAHigherOneIsRefused() throws Exception {
    RawPeer traitor = world.closeLater(RawPeer.dial(replica1));
    Handshake handshake = traitor.begin(World.context(Principal.replica(0)), 1, 0);
    traitor.finish(handshake, traitor.readFrame());

    traitor.awaitEnd();
    one.await("refused UNEXPECTED_TYPE replica 0");
    expectUndisturbed();
  }

  @Test
  void aListenerThatThrowsCostsThatLinkOnly() throws Exception {
    Recorder brittle =
        new Recorder() {
          @Override
          public void onPayload(Principal peer, long session, byte[] bytes, int off, int length) {
            super.onPayload(peer, session, bytes, off, length);
            if (peer.equals(TRAITOR)) {
              throw new IllegalStateException("a bug of the owner");
            }
          }
        };
    NettyTransport replica2 = world.replica(2, config, brittle);
    RawPeer traitor = world.closeLater(RawPeer.link(replica2, 2, TRAITOR, 1));
    RawPeer other = world.closeLater(RawPeer.link(replica2, 2, Principal.client(8), 1));
    traitor.send("poison");

    traitor.awaitEnd();
    brittle.await("disconnected client 7/1");
    other.send("fine");
    brittle.await("payload client 8/1: fine");
  }

  private static long waitsInNetty(Link link) {
    long bytes = link.connection().channel().bytesBeforeWritable();
    return link.connection().channel().isActive() ? bytes : 0;
  }

  private RawPeer link(Principal self, long session) throws Exception {
    RawPeer peer = world.closeLater(RawPeer.link(replica0, 0, self, session));
    zero.await("connected " + self + "/" + session);
    return peer;
  }

  /** Once, by the traitor, counted, its link gone; and the link with replica 1 is as it was. */
  private void expectRefused(Reason reason) throws Exception {
    zero.await("refused " + reason + " client 7: ");
    zero.await("disconnected client 7/1");
    assertThat(zero.events("refused ")).hasSize(1);
    assertThat(zero.events("disconnected ")).hasSize(1);
    assertThat(replica0.refusals()).isEqualTo(Map.of(reason, 1L));
    expectUndisturbed();
  }

  private void expectUndisturbed() throws Exception {
    replica1.sendToReplica(0, "undisturbed".getBytes(StandardCharsets.UTF_8));
    replica1.flush();
    zero.await("payload replica 1: undisturbed");
    assertThat(zero.events("disconnected replica")).isEmpty();
    assertThat(zero.events("connected replica")).hasSize(1);
  }
}
