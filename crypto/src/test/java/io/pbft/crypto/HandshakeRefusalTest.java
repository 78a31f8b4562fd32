package io.pbft.crypto;

import static io.pbft.crypto.TestCluster.C0;
import static io.pbft.crypto.TestCluster.CONFIGURATION;
import static io.pbft.crypto.TestCluster.EPOCH;
import static io.pbft.crypto.TestCluster.ID;
import static io.pbft.crypto.TestCluster.R0;
import static io.pbft.crypto.TestCluster.R1;
import static io.pbft.crypto.TestCluster.R2;
import static io.pbft.crypto.TestCluster.assertRefused;
import static io.pbft.crypto.TestCluster.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test for each way a handshake is refused. */
class HandshakeRefusalTest {
  private static final int VERSION = 4;
  private static final int INITIATOR_KIND = 77;
  private static final int INITIATOR_ID = 78;
  private static final int RESPONDER_KIND = 82;
  private static final int SESSION = 87;
  private static final int EPHEMERAL_KEY = 95;

  private final TestCluster cluster = new TestCluster(1);

  @Test
  void anotherMagicIsMalformed() {
    assertRefused(receiveInit(Bytes.flipBit(init(), 0)), HandshakeRefusal.MALFORMED);
  }

  @Test
  void anotherVersionIsToldApartWhateverItsLength() {
    byte[] next = Bytes.patched(init(), VERSION, new byte[] {2});
    assertRefused(receiveInit(next), HandshakeRefusal.WRONG_VERSION);
    assertRefused(receiveInit(Arrays.copyOf(next, 5)), HandshakeRefusal.WRONG_VERSION);
    assertRefused(receiveInit(Arrays.copyOf(next, 500)), HandshakeRefusal.WRONG_VERSION);
  }

  @Test
  void everyOtherLengthIsMalformed() {
    byte[] init = init();
    for (int length = 0; length < 2 * init.length; length++) {
      if (length != init.length) {
        assertRefused(receiveInit(Arrays.copyOf(init, length)), HandshakeRefusal.MALFORMED);
      }
    }
    byte[] response = sent(receiveInit(init));
    for (int length = 0; length < 2 * response.length; length++) {
      if (length != response.length) {
        Handshake initiator = cluster.initiator(R0, R1);
        initiator.start();
        assertRefused(
            initiator.receive(Arrays.copyOf(response, length)), HandshakeRefusal.MALFORMED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65, 128, 159})
  void aConfirmOfAnotherLengthIsMalformed(int length) {
    Handshake responder = cluster.responder(R1);
    sent(responder.receive(init()));
    assertRefused(responder.receive(new byte[length]), HandshakeRefusal.MALFORMED);
  }

  @Test
  void impossiblePrincipalsAreMalformed() {
    for (int kind : new int[] {0, 3, 255}) {
      byte[] code = {(byte) kind};
      assertRefused(
          receiveInit(Bytes.patched(init(), INITIATOR_KIND, code)), HandshakeRefusal.MALFORMED);
      assertRefused(
          receiveInit(Bytes.patched(init(), RESPONDER_KIND, code)), HandshakeRefusal.MALFORMED);
    }
    byte[] negative = Bytes.hex("80000000");
    assertRefused(
        receiveInit(Bytes.patched(init(), INITIATOR_ID, negative)), HandshakeRefusal.MALFORMED);
  }

  @Test
  void aReplicaWithASessionNumberIsMalformed() {
    byte[] init = Bytes.patched(init(), SESSION, Bytes.hex("0000000000000001"));
    assertRefused(receiveInit(init), HandshakeRefusal.MALFORMED);
  }

  @Test
  void anotherClusterIsRefused() {
    assertRefused(
        receiveInit(initFrom(new byte[32], EPOCH, CONFIGURATION)), HandshakeRefusal.WRONG_CLUSTER);
  }

  @Test
  void anotherEpochIsRefused() {
    assertRefused(receiveInit(initFrom(ID, EPOCH + 1, Digest.ZERO)), HandshakeRefusal.WRONG_EPOCH);
    assertRefused(receiveInit(initFrom(ID, -1, Digest.ZERO)), HandshakeRefusal.WRONG_EPOCH);
  }

  @Test
  void anotherConfigurationIsRefused() {
    assertRefused(receiveInit(initFrom(ID, EPOCH, Digest.ZERO)), HandshakeRefusal.CONFIG_MISMATCH);
  }

  @Test
  void theResponderRefusesStrangers() {
    byte[] stranger = Bytes.patched(init(), INITIATOR_ID, Bytes.hex("00000063"));
    assertRefused(receiveInit(stranger), HandshakeRefusal.UNKNOWN_PRINCIPAL);
  }

  @Test
  void theInitiatorRefusesAPeerWithoutAKey() {
    HandshakeContext knowsNobody =
        new HandshakeContext(ID, EPOCH, CONFIGURATION, R0, cluster.key(R0), principal -> null);
    Handshake initiator = Handshake.initiator(knowsNobody, R1, 0, cluster.random);
    byte[] response = sent(receiveInit(initiator.start()));
    assertRefused(initiator.receive(response), HandshakeRefusal.UNKNOWN_PRINCIPAL);
  }

  @Test
  void anInitForSomebodyElseIsRefused() {
    assertRefused(cluster.responder(R2).receive(init()), HandshakeRefusal.WRONG_RECEIVER);
    byte[] toClient = Bytes.patched(init(), RESPONDER_KIND, new byte[] {2});
    assertRefused(receiveInit(toClient), HandshakeRefusal.WRONG_RECEIVER);
  }

  @Test
  void aPeerThatClaimsToBeMeIsRefused() {
    byte[] fromMyself = Bytes.patched(init(), INITIATOR_ID, Bytes.hex("00000001"));
    assertRefused(receiveInit(fromMyself), HandshakeRefusal.WRONG_RECEIVER);
  }

  @Test
  void aResponderWithoutThePeersKeyIsRefused() {
    HandshakeContext impostor =
        new HandshakeContext(ID, EPOCH, CONFIGURATION, R1, cluster.key(R2), cluster::publicKey);
    Handshake initiator = cluster.initiator(R0, R1);
    Handshake responder = Handshake.responder(impostor, cluster.random);
    byte[] response = sent(responder.receive(initiator.start()));
    assertRefused(initiator.receive(response), HandshakeRefusal.BAD_AUTH);
  }

  @Test
  void anInitiatorWithoutItsKeyIsRefused() {
    HandshakeContext impostor =
        new HandshakeContext(ID, EPOCH, CONFIGURATION, C0, cluster.key(R2), cluster::publicKey);
    Handshake initiator = Handshake.initiator(impostor, R1, 9, cluster.random);
    Handshake responder = cluster.responder(R1);
    byte[] response = sent(responder.receive(initiator.start()));
    Step.SendAndDone last = (Step.SendAndDone) initiator.receive(response);
    assertRefused(responder.receive(last.bytes()), HandshakeRefusal.BAD_AUTH);
  }

  /** RFC 7748, 6.1: the points that give an all-zero secret, in more than one encoding. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void lowOrderEphemeralKeysAreRefusedEvenWhenSigned(String point) {
    byte[] weak = Bytes.hex(point);

    Handshake initiator = cluster.initiator(R0, R1);
    byte[] init = initiator.start();
    byte[] response = Bytes.concat(weak, cluster.random.bytes(32), new byte[64]);
    byte[] signature = cluster.key(R1).sign(Handshake.signedByResponder(init, response));
    assertRefused(
        initiator.receive(Bytes.patched(response, 64, signature)), HandshakeRefusal.WEAK_KEY);

    Handshake responder = cluster.responder(R1);
    byte[] weakInit = Bytes.patched(init, EPHEMERAL_KEY, weak);
    byte[] answer = sent(responder.receive(weakInit));
    byte[] confirm = cluster.key(R0).sign(Handshake.signedByInitiator(weakInit, answer));
    assertRefused(responder.receive(confirm), HandshakeRefusal.WEAK_KEY);
  }

  @Test
  void aContextChecksAndCopiesTheClusterId() {
    byte[] id = ID.clone();
    HandshakeContext context =
        new HandshakeContext(id, EPOCH, CONFIGURATION, R0, cluster.key(R0), cluster::publicKey);
    id[0] ^= 1;
    context.clusterId()[0] ^= 1;
    assertThat(context.clusterId()).isEqualTo(ID);
    assertThatThrownBy(
            () ->
                new HandshakeContext(
                    new byte[31], EPOCH, CONFIGURATION, R0, cluster.key(R0), cluster::publicKey))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void principalsAreNotNegative() {
    assertThatThrownBy(() -> Principal.replica(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Principal.replica(3)).hasToString("replica 3").isLessThan(Principal.client(0));
    assertThat(Principal.client(2)).hasToString("client 2").isGreaterThan(Principal.client(1));
  }

  private byte[] init() {
    return initFrom(ID, EPOCH, CONFIGURATION);
  }

  private byte[] initFrom(byte[] clusterId, long epoch, Digest configuration) {
    HandshakeContext context =
        new HandshakeContext(
            clusterId, epoch, configuration, R0, cluster.key(R0), cluster::publicKey);
    return Handshake.initiator(context, R1, 0, cluster.random).start();
  }

  private Step receiveInit(byte[] init) {
    return cluster.responder(R1).receive(init);
  }
}
