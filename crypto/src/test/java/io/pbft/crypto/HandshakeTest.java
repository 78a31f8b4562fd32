package io.pbft.crypto;

import static io.pbft.crypto.TestCluster.C0;
import static io.pbft.crypto.TestCluster.R0;
import static io.pbft.crypto.TestCluster.R1;
import static io.pbft.crypto.TestCluster.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.crypto.TestCluster.Connection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final byte[] PAYLOAD = Bytes.ascii("PREPARE");

  private final TestCluster cluster = new TestCluster(1);

  @Test
  void twoReplicasEndInMatchingSessions() {
    Connection connection = cluster.connect(R0, R1);
    assertThat(connection.init()).hasSize(Handshake.INIT_LENGTH);
    assertThat(connection.response()).hasSize(Handshake.RESPONSE_LENGTH);
    assertThat(connection.confirm()).hasSize(Handshake.CONFIRM_LENGTH);
    assertMatch(connection, R0, R1, 0);
  }

  @Test
  void aClientBringsItsSessionNumber() {
    assertMatch(cluster.connect(C0, R1, Long.MIN_VALUE + 5), C0, R1, Long.MIN_VALUE + 5);
  }

  /** Replica 0 and client 0 share a number, and nothing else. */
  @Test
  void aClientAndAReplicaOfOneNumberAreTwo() {
    assertMatch(cluster.connect(C0, R0, 1), C0, R0, 1);
  }

  private static void assertMatch(Connection c, Principal initiator, Principal responder, long n) {
    assertThat(c.initiator().self()).isEqualTo(c.responder().peer()).isEqualTo(initiator);
    assertThat(c.responder().self()).isEqualTo(c.initiator().peer()).isEqualTo(responder);
    assertThat(c.initiator().session()).isEqualTo(c.responder().session()).isEqualTo(n);
    assertThat(requestTag(c.initiator())).isEqualTo(requestTag(c.responder()));
    assertThat(c.initiator().requestKey().id()).isEqualTo(c.responder().requestKey().id());
    for (int i = 0; i < 3; i++) {
      assertThat(passes(c.initiator(), c.responder())).isTrue();
      assertThat(passes(c.responder(), c.initiator())).isTrue();
    }
  }

  @Test
  void keysDifferForEachDirectionUseAndConnection() {
    Set<ByteBuffer> tags = new LinkedHashSet<>();
    for (int i = 0; i < 3; i++) {
      Connection connection = cluster.connect(R0, R1);
      tags.add(ByteBuffer.wrap(connection.initiator().outbound().seal(PAYLOAD)));
      tags.add(ByteBuffer.wrap(connection.responder().outbound().seal(PAYLOAD)));
      tags.add(ByteBuffer.wrap(requestTag(connection.initiator())));
    }
    assertThat(tags).hasSize(9);
  }

  @Test
  void theKeyItselfDependsOnTheDirection() {
    byte[] secret = cluster.random.bytes(32);
    Session forth = schedule(secret, R0).session(R0, R1, 0);
    Session back = schedule(secret, R0).session(R1, R0, 0);
    byte[] sealed = forth.outbound().seal(PAYLOAD);
    assertThat(back.outbound().seal(PAYLOAD)).isEqualTo(sealed);
    assertThat(forth.requestKey().id()).isNotEqualTo(back.requestKey().id());
    assertThat(schedule(secret, R1).session(R0, R1, 0).outbound().seal(PAYLOAD))
        .isNotEqualTo(sealed);
  }

  private KeySchedule schedule(byte[] secret, Principal self) {
    return new KeySchedule(cluster.context(self), secret, Digest.ZERO);
  }

  @Test
  void aFinishedHandshakeRefusesEverything() {
    Handshake initiator = cluster.initiator(R0, R1);
    Handshake responder = cluster.responder(R1);
    byte[] init = initiator.start();
    byte[] response = TestCluster.sent(responder.receive(init));
    byte[] confirm = ((Step.SendAndDone) initiator.receive(response)).bytes();
    assertThat(responder.receive(confirm)).isInstanceOf(Step.Done.class);
    assertRefused(initiator.receive(response), HandshakeRefusal.MALFORMED);
    assertRefused(responder.receive(confirm), HandshakeRefusal.MALFORMED);
    assertRefused(responder.receive(init), HandshakeRefusal.MALFORMED);
  }

  @Test
  void aRefusedHandshakeRefusesEvenWhatIsRight() {
    Handshake initiator = cluster.initiator(R0, R1);
    Handshake responder = cluster.responder(R1);
    byte[] init = initiator.start();
    assertRefused(responder.receive(new byte[3]), HandshakeRefusal.MALFORMED);
    assertRefused(responder.receive(init), HandshakeRefusal.MALFORMED);
    byte[] response = TestCluster.sent(cluster.responder(R1).receive(init));
    assertRefused(initiator.receive(new byte[3]), HandshakeRefusal.MALFORMED);
    assertRefused(initiator.receive(response), HandshakeRefusal.MALFORMED);
  }

  @Test
  void onlyAnInitiatorStartsAndOnce() {
    assertThatThrownBy(() -> cluster.responder(R0).start())
        .isInstanceOf(IllegalStateException.class);
    Handshake initiator = cluster.initiator(R0, R1);
    initiator.start();
    assertThatThrownBy(initiator::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMessageBeforeTheStartIsRefused() {
    assertRefused(cluster.initiator(R0, R1).receive(new byte[128]), HandshakeRefusal.MALFORMED);
  }

  @Test
  void anInitiatorIsNotItsOwnPeerAndAReplicaHasNoSessionNumber() {
    assertThatThrownBy(() -> cluster.initiator(R0, R0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Handshake.initiator(cluster.context(R0), R1, 1, cluster.random))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theArraysGivenOutAndTakenInAreCopies() {
    Handshake initiator = cluster.initiator(R0, R1);
    Handshake responder = cluster.responder(R1);
    byte[] init = initiator.start();
    byte[] response = TestCluster.sent(responder.receive(init.clone()));
    byte[] kept = response.clone();
    Arrays.fill(init, (byte) 0);
    Arrays.fill(response, (byte) 0);
    Step.SendAndDone last = (Step.SendAndDone) initiator.receive(kept);
    assertThat(responder.receive(last.bytes())).isInstanceOf(Step.Done.class);
  }

  private static boolean passes(Session from, Session to) {
    byte[] frame = from.outbound().seal(PAYLOAD);
    byte[] opened = new byte[PAYLOAD.length];
    return to.inbound().open(frame, 0, frame.length, opened, 0) && Arrays.equals(opened, PAYLOAD);
  }

  private static byte[] requestTag(Session session) {
    return session.requestKey().newAuthenticator().update(PAYLOAD).tag();
  }
}
