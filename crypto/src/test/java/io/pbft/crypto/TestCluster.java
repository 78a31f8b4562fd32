package io.pbft.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

/** Four replicas and two clients with keys of their own, and handshakes between them. */
final class TestCluster {
  static final byte[] ID = Bytes.sequence(0, 32);
  static final long EPOCH = 7;
  static final Digest CONFIGURATION = Digest.of(Bytes.ascii("configuration 7"));
  static final Principal R0 = Principal.replica(0);
  static final Principal R1 = Principal.replica(1);
  static final Principal R2 = Principal.replica(2);
  static final Principal C0 = Principal.client(0);

  final SeededRandom random;
  private final Map<Principal, SigningKey> keys = new TreeMap<>();

  TestCluster(long seed) {
    random = new SeededRandom(seed);
    for (int id = 0; id < 4; id++) {
      keys.put(Principal.replica(id), SigningKey.generate(random));
    }
    keys.put(C0, SigningKey.generate(random));
    keys.put(Principal.client(1), SigningKey.generate(random));
  }

  /** What both sides of one finished handshake hold, and what was sent. */
  record Connection(
      Session initiator, Session responder, byte[] init, byte[] response, byte[] confirm) {}

  SigningKey key(Principal principal) {
    return keys.get(principal);
  }

  VerifyingKey publicKey(Principal principal) {
    SigningKey key = keys.get(principal);
    return key == null ? null : key.verifyingKey();
  }

  HandshakeContext context(Principal self) {
    return new HandshakeContext(ID, EPOCH, CONFIGURATION, self, key(self), this::publicKey);
  }

  Handshake initiator(Principal self, Principal peer) {
    return Handshake.initiator(context(self), peer, 0, random);
  }

  Handshake responder(Principal self) {
    return Handshake.responder(context(self), random);
  }

  Connection connect(Principal from, Principal to) {
    return connect(from, to, 0);
  }

  Connection connect(Principal from, Principal to, long session) {
    Handshake initiator = Handshake.initiator(context(from), to, session, random);
    Handshake responder = responder(to);
    byte[] init = initiator.start();
    byte[] response = sent(responder.receive(init));
    Step.SendAndDone last = (Step.SendAndDone) initiator.receive(response);
    Step.Done done = (Step.Done) responder.receive(last.bytes());
    return new Connection(last.session(), done.session(), init, response, last.bytes());
  }

  /** The bytes to send of a step that has to be {@code Send}. */
  static byte[] sent(Step step) {
    assertThat(step).isInstanceOf(Step.Send.class);
    return ((Step.Send) step).bytes();
  }

  static void assertRefused(Step step, HandshakeRefusal reason) {
    assertThat(step).isInstanceOf(Step.Refused.class);
    Step.Refused refused = (Step.Refused) step;
    assertThat(refused.reason()).as(refused.detail()).isEqualTo(reason);
    assertThat(refused.detail()).isNotBlank().doesNotContain("\n");
  }
}
