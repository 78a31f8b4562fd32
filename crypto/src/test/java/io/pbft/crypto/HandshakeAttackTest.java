package io.pbft.crypto;

import static io.pbft.crypto.TestCluster.C0;
import static io.pbft.crypto.TestCluster.R0;
import static io.pbft.crypto.TestCluster.R1;
import static io.pbft.crypto.TestCluster.R2;
import static io.pbft.crypto.TestCluster.assertRefused;
import static io.pbft.crypto.TestCluster.sent;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.crypto.TestCluster.Connection;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;

/** Someone in the middle who sees, changes, replays and invents messages. */
class HandshakeAttackTest {
  private static final int INITIATOR_KIND = 77;
  private static final int EPHEMERAL_KEY = 95;

  private final TestCluster cluster = new TestCluster(1);

  @Test
  void noBitOfInitCanBeFlipped() {
    for (int bit = 0; bit < Handshake.INIT_LENGTH * 8; bit++) {
      Handshake initiator = cluster.initiator(R0, R1);
      Step answer = cluster.responder(R1).receive(Bytes.flipBit(initiator.start(), bit));
      if (answer instanceof Step.Send response) {
        assertRefused(initiator.receive(response.bytes()), HandshakeRefusal.BAD_AUTH);
      } else {
        assertThat(answer).as("bit %d", bit).isInstanceOf(Step.Refused.class);
      }
    }
  }

  @Test
  void noBitOfResponseCanBeFlipped() {
    for (int bit = 0; bit < Handshake.RESPONSE_LENGTH * 8; bit++) {
      Handshake initiator = cluster.initiator(R0, R1);
      byte[] response = sent(cluster.responder(R1).receive(initiator.start()));
      assertRefused(initiator.receive(Bytes.flipBit(response, bit)), HandshakeRefusal.BAD_AUTH);
    }
  }

  @Test
  void noBitOfConfirmCanBeFlipped() {
    for (int bit = 0; bit < Handshake.CONFIRM_LENGTH * 8; bit++) {
      Handshake initiator = cluster.initiator(R0, R1);
      Handshake responder = cluster.responder(R1);
      byte[] response = sent(responder.receive(initiator.start()));
      byte[] confirm = ((Step.SendAndDone) initiator.receive(response)).bytes();
      assertRefused(responder.receive(Bytes.flipBit(confirm, bit)), HandshakeRefusal.BAD_AUTH);
    }
  }

  @Test
  void swappingTheInitiatorsEphemeralKeyIsRefused() {
    Handshake initiator = cluster.initiator(R0, R1);
    byte[] swapped = Bytes.patched(initiator.start(), EPHEMERAL_KEY, ephemeralKey());
    byte[] response = sent(cluster.responder(R1).receive(swapped));
    assertRefused(initiator.receive(response), HandshakeRefusal.BAD_AUTH);
  }

  @Test
  void swappingTheRespondersEphemeralKeyIsRefused() {
    Handshake initiator = cluster.initiator(R0, R1);
    byte[] response = sent(cluster.responder(R1).receive(initiator.start()));
    byte[] swapped = Bytes.patched(response, 0, ephemeralKey());
    assertRefused(initiator.receive(swapped), HandshakeRefusal.BAD_AUTH);
  }

  /** A traitor with a good key of its own still can't speak for another replica. */
  @Test
  void signingASwappedKeyAsSomebodyElseIsRefused() {
    Handshake initiator = cluster.initiator(R0, R1);
    byte[] init = initiator.start();
    byte[] response = Bytes.concat(ephemeralKey(), cluster.random.bytes(32), new byte[64]);
    byte[] signature = cluster.key(R2).sign(Handshake.signedByResponder(init, response));
    assertRefused(
        initiator.receive(Bytes.patched(response, 64, signature)), HandshakeRefusal.BAD_AUTH);
  }

  /** Unknown key share: replica 2 passes replica 0's INIT off as its own. */
  @Test
  void relayingAnInitUnderOnesOwnNameIsRefused() {
    Handshake initiator = cluster.initiator(R0, R1);
    byte[] renamed = Bytes.patched(initiator.start(), INITIATOR_KIND, Bytes.hex("01" + "00000002"));
    byte[] response = sent(cluster.responder(R1).receive(renamed));
    assertRefused(initiator.receive(response), HandshakeRefusal.BAD_AUTH);
  }

  @Test
  void reflectedMessagesAreRefused() {
    Handshake initiator = cluster.initiator(R0, R1);
    byte[] init = initiator.start();
    assertRefused(cluster.responder(R0).receive(init), HandshakeRefusal.WRONG_RECEIVER);
    assertRefused(initiator.receive(init), HandshakeRefusal.MALFORMED);

    Handshake responder = cluster.responder(R1);
    byte[] response = sent(responder.receive(init));
    byte[] respondersSignature = Arrays.copyOfRange(response, 64, 128);
    assertRefused(responder.receive(respondersSignature), HandshakeRefusal.BAD_AUTH);
  }

  @Test
  void aRecordedHandshakeCannotBeReplayed() {
    Connection recorded = cluster.connect(R0, R1);
    Handshake responder = cluster.responder(R1);
    sent(responder.receive(recorded.init()));
    assertRefused(responder.receive(recorded.confirm()), HandshakeRefusal.BAD_AUTH);

    Handshake initiator = cluster.initiator(R0, R1);
    initiator.start();
    assertRefused(initiator.receive(recorded.response()), HandshakeRefusal.BAD_AUTH);
  }

  @Test
  void messagesOfTwoHandshakesCannotBeMixed() {
    Handshake first = cluster.initiator(R0, R1);
    Handshake second = cluster.initiator(R0, R1);
    byte[] toFirst = sent(cluster.responder(R1).receive(first.start()));
    byte[] toSecond = sent(cluster.responder(R1).receive(second.start()));
    assertRefused(first.receive(toSecond), HandshakeRefusal.BAD_AUTH);
    assertRefused(second.receive(toFirst), HandshakeRefusal.BAD_AUTH);
  }

  @Test
  void inventedBytesNeverThrowNorGiveASession() {
    SeededRandom random = new SeededRandom(2);
    Connection real = cluster.connect(C0, R1, 5);
    for (int i = 0; i < 6000; i++) {
      Handshake victim = i % 2 == 0 ? cluster.responder(R1) : startedInitiator();
      if (i % 16 == 0) {
        sent(victim.receive(real.init()));
      }
      for (int message = 0; message < 3; message++) {
        Step step = victim.receive(invented(random, real));
        assertThat(step).isInstanceOfAny(Step.Refused.class, Step.Send.class);
      }
    }
  }

  private Handshake startedInitiator() {
    Handshake initiator = cluster.initiator(R0, R1);
    initiator.start();
    return initiator;
  }

  /** Noise, or a real message cut, lengthened or changed in a few places. */
  private static byte[] invented(SeededRandom random, Connection real) {
    byte[][] messages = {real.init(), real.response(), real.confirm()};
    byte[] base = messages[random.below(3)];
    return switch (random.below(4)) {
      case 0 -> random.bytes(random.below(400));
      case 1 -> random.bytes(base.length);
      case 2 -> Arrays.copyOf(base, random.below(2 * base.length));
      default -> {
        byte[] changed = base.clone();
        for (int n = random.below(4); n >= 0; n--) {
          changed[random.below(changed.length)] = (byte) random.below(256);
        }
        yield changed;
      }
    };
  }

  private byte[] ephemeralKey() {
    byte[] secret = new byte[X25519.SCALAR_SIZE];
    X25519.generatePrivateKey(cluster.random, secret);
    byte[] key = new byte[X25519.POINT_SIZE];
    X25519.generatePublicKey(secret, 0, key, 0);
    return key;
  }
}
