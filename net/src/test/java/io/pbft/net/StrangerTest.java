package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Reason;
import io.pbft.crypto.Handshake;
import io.pbft.crypto.HandshakeContext;
import io.pbft.crypto.Principal;
import io.pbft.crypto.SigningKey;
import io.pbft.crypto.Step;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of peers that never prove who they are. Each test ends with a look at the others. */
@Timeout(30)
class StrangerTest {
  private static final SigningKey WRONG_KEY = World.key(Principal.client(9));

  private final World world = new World();
  private final Recorder zero = new Recorder();
  private final Recorder one = new Recorder();
  private NettyTransport replica0;
  private NettyTransport replica1;

  @BeforeEach
  void connect() throws Exception {
    TransportConfig config =
        World.config().handshakeTimeoutMillis(1_000).pendingHandshakes(8).build();
    replica0 = world.replica(0, config, zero);
    replica1 = world.replica(1, config, one);
    one.await("connected replica 0");
  }

  @AfterEach
  void close() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1025, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
  void aFrameOfALengthOverTheLimitIsRefused(int length) throws Exception {
    RawPeer stranger = dial();
    stranger.writeLength(length);

    stranger.awaitEnd();
    expectRefused(Reason.FRAME_TOO_LARGE);
  }

  @Test
  void aBrowserIsRefused() throws Exception {
    RawPeer stranger = dial();
    stranger.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

    stranger.awaitEnd();
    expectRefused(Reason.FRAME_TOO_LARGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, Handshake.INIT_LENGTH, 1024})
  void garbageInAFrameIsRefused(int length) throws Exception {
    RawPeer stranger = dial();
    byte[] garbage = new byte[length];
    Arrays.fill(garbage, (byte) 0x5a);
    stranger.writeFrame(garbage);

    stranger.awaitEnd();
    expectRefused(Reason.MALFORMED);
  }

  @Test
  void aTruncatedHandshakeIsRefused() throws Exception {
    RawPeer stranger = dial();
    stranger.writeLength(Handshake.INIT_LENGTH);
    stranger.write(new byte[10]);
    stranger.close();

    expectRefused(Reason.MALFORMED);
  }

  @Test
  void aConnectionThatSaysNothingIsClosedInTime() throws Exception {
    RawPeer silent = dial();

    silent.awaitEnd();
    expectRefused(Reason.PEER_THROTTLED);
  }

  @Test
  void aHandshakeThatStopsHalfWayIsClosedInTime() throws Exception {
    RawPeer stranger = dial();
    stranger.begin(World.context(Principal.client(7)), 0, 1);
    assertThat(stranger.readFrame()).hasSize(Handshake.RESPONSE_LENGTH);

    stranger.awaitEnd();
    expectRefused(Reason.PEER_THROTTLED);
  }

  @Test
  void aCrowdOfSilentConnectionsDoesNotKeepAClientOut() throws Exception {
    Recorder patient = new Recorder();
    NettyTransport crowded = world.replica(2, World.config().pendingHandshakes(8).build(), patient);
    List<RawPeer> crowd = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      crowd.add(world.closeLater(RawPeer.dial(crowded)));
    }

    RawPeer client = world.closeLater(RawPeer.link(crowded, 2, Principal.client(7), 1));
    client.send("request");

    patient.await("payload client 7/1: request");
    for (RawPeer oldest : crowd.subList(0, 32)) {
      oldest.awaitEnd();
    }
    assertThat(patient.await("refused PEER_THROTTLED stranger: too many unfinished", 33))
        .as("seven of the crowd and the client are within the limit")
        .filteredOn(event -> event.startsWith("refused"))
        .hasSize(33);
  }

  @Test
  void aCrowdFromOneAddressGivesWayToItself() throws Exception {
    Recorder patient = new Recorder();
    NettyTransport crowded =
        world.replica(2, World.config().pendingHandshakesPerAddress(2).build(), patient);
    RawPeer first = world.closeLater(RawPeer.dial(crowded));
    RawPeer second = world.closeLater(RawPeer.dial(crowded));
    Handshake handshake = second.begin(World.context(Principal.client(7)), 2, 1);
    byte[] response = second.readFrame();
    world.closeLater(RawPeer.dial(crowded));

    first.awaitEnd();
    second.finish(handshake, response);
    patient.await("connected client 7/1");
  }

  @Test
  void aReplayOfAnEarlierConnectionIsRefused() throws Exception {
    RawPeer client = dial();
    HandshakeContext context = World.context(Principal.client(7));
    Handshake handshake = Handshake.initiator(context, Principal.replica(0), 1, new SecureRandom());
    byte[] init = handshake.start();
    client.writeFrame(init);
    byte[] confirm = client.finish(handshake, client.readFrame());
    byte[] request = client.seal("pay once");
    client.write(request);
    zero.await("payload client 7/1: pay once");

    RawPeer replay = dial();
    replay.writeFrame(init);
    assertThat(replay.readFrame()).hasSize(Handshake.RESPONSE_LENGTH);
    replay.writeFrame(confirm);
    replay.write(request);

    replay.awaitEnd();
    expectRefused(Reason.BAD_AUTH);
    assertThat(zero.events("payload client")).hasSize(1);
    client.send("still there");
    zero.await("payload client 7/1: still there");
  }

  @Test
  void anotherCluster() throws Exception {
    expectInitRefused(World.ofOtherCluster(Principal.client(7)), Reason.WRONG_CLUSTER);
  }

  @Test
  void anotherConfiguration() throws Exception {
    expectInitRefused(World.ofOtherConfiguration(Principal.client(7)), Reason.CONFIG_MISMATCH);
  }

  @Test
  void anUnknownClient() throws Exception {
    expectInitRefused(
        World.context(Principal.client(World.CLIENTS), WRONG_KEY), Reason.UNKNOWN_CLIENT);
  }

  @Test
  void anUnknownReplica() throws Exception {
    expectInitRefused(
        World.context(Principal.replica(World.REPLICAS), WRONG_KEY), Reason.UNKNOWN_REPLICA);
  }

  @Test
  void someoneWhoWantsAnotherReplica() throws Exception {
    RawPeer lost = dial();
    lost.begin(World.context(Principal.client(7)), 3, 1);

    lost.awaitEnd();
    expectRefused(Reason.CONFIG_MISMATCH);
  }

  @Test
  void anImpostorDoesNotGetInNorDisturbTheOneItClaimsToBe() throws Exception {
    RawPeer impostor = dial();
    Handshake handshake = impostor.begin(World.context(Principal.replica(1), WRONG_KEY), 0, 0);
    impostor.finish(handshake, impostor.readFrame());
    impostor.write(impostor.seal("I am replica 1"));

    impostor.awaitEnd();
    expectRefused(Reason.BAD_AUTH);
    assertThat(zero.events("payload replica 1: I am")).isEmpty();
    assertThat(zero.events("refused BAD_AUTH").get(0)).contains("claims to be replica 1");
  }

  @Test
  void anImpostorThatIsDialledIsRefused() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, World.loopback(0).getAddress())) {
      Recorder client = new Recorder();
      world.closeLater(
          NettyTransport.client(
              World.config().build(),
              World.context(Principal.client(7)),
              1,
              Map.of(0, World.loopback(server.getLocalPort())),
              client));
      respondAs(World.context(Principal.replica(0), WRONG_KEY), server.accept());

      assertThat(client.await("refused BAD_AUTH stranger").get(0)).contains("replica 0 at");
      assertThat(client.events("connected")).isEmpty();
      // And dials again, for ever.
      RawPeer replica = world.closeLater(new RawPeer(server.accept()));
      replica.answer(World.context(Principal.replica(0)));
      replica.send("hello");
      client.await("connected replica 0");
    }
  }

  private void respondAs(HandshakeContext context, Socket accepted) throws IOException {
    RawPeer server = world.closeLater(new RawPeer(accepted));
    Handshake handshake = Handshake.responder(context, new SecureRandom());
    Step step = handshake.receive(server.readFrame());
    assertThat(step).isInstanceOf(Step.Send.class);
    server.writeFrame(((Step.Send) step).bytes());
  }

  private RawPeer dial() throws IOException {
    return world.closeLater(RawPeer.dial(replica0));
  }

  private void expectInitRefused(HandshakeContext context, Reason reason) throws Exception {
    RawPeer stranger = dial();
    stranger.begin(context, 0, 0);

    stranger.awaitEnd();
    expectRefused(reason);
  }

  /** Once, by someone unknown, counted; and the link with replica 1 is as it was. */
  private void expectRefused(Reason reason) throws Exception {
    zero.await("refused " + reason + " stranger: ");
    assertThat(zero.events("refused ")).hasSize(1);
    assertThat(replica0.refusals()).isEqualTo(Map.of(reason, 1L));
    replica1.sendToReplica(0, "undisturbed".getBytes(StandardCharsets.UTF_8));
    replica1.flush();
    zero.await("payload replica 1: undisturbed");
    assertThat(zero.events("disconnected replica")).isEmpty();
    assertThat(zero.events("connected replica")).hasSize(1);
  }
}
