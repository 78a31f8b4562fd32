package io.pbft.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * One side of a mutually authenticated key exchange (X25519, signed with Ed25519), as a pure state
 * machine. Not thread safe, and for one connection only.
 *
 * <pre>{@code
 * initiator                                   responder
 *     | -- INIT: who, whom, where, key, nonce -->  |   checks all but who
 *     | <-- RESPONSE: key, nonce, signature ------ |
 *     | -- CONFIRM: signature ------------------>  |   knows who
 * }</pre>
 *
 * <p>Each signature covers everything that was said before it, under a domain of its own for each
 * role; the session's keys are bound to the whole transcript, the cluster, the epoch and both
 * principals. Messages have fixed lengths ({@link #INIT_LENGTH}, {@link #RESPONSE_LENGTH}, {@link
 * #CONFIRM_LENGTH}); the caller frames them, and bounds the time a peer may take. Until CONFIRM an
 * INIT costs the responder a key generation and a signature: the caller limits how many it takes.
 *
 * <p>{@link #receive} never throws, whatever the bytes. A handshake that has finished or refused
 * refuses everything further.
 */
public final class Handshake {
  /** Bytes in the initiator's first message. */
  public static final int INIT_LENGTH = InitMessage.LENGTH;

  /** Bytes in the responder's answer. */
  public static final int RESPONSE_LENGTH = 128;

  /** Bytes in the initiator's last message. */
  public static final int CONFIRM_LENGTH = VerifyingKey.SIGNATURE_LENGTH;

  private static final int SIGNED_RESPONSE_LENGTH = 64;
  private static final String RESPONDER_DOMAIN = "pbft-handshake-responder";
  private static final String INITIATOR_DOMAIN = "pbft-handshake-initiator";
  private static final String TRANSCRIPT_DOMAIN = "pbft-handshake-transcript";

  private enum Phase {
    UNSTARTED,
    AWAITING_INIT,
    AWAITING_RESPONSE,
    AWAITING_CONFIRM,
    OVER
  }

  private final HandshakeContext context;
  private final SecureRandom random;
  private final byte[] ephemeralSecret = new byte[X25519.SCALAR_SIZE];
  private Phase phase;
  private Principal peer;
  private long session;
  private byte[] init;
  // What the responder keeps between RESPONSE and CONFIRM.
  private byte[] response;
  private byte[] peerEphemeralKey;
  private VerifyingKey peerKey;

  private Handshake(HandshakeContext context, SecureRandom random, Phase phase) {
    this.context = Objects.requireNonNull(context, "context");
    this.random = Objects.requireNonNull(random, "random");
    this.phase = phase;
  }

  /**
   * The side that opens the connection; {@link #start()} comes first.
   *
   * @param peer whom to reach, someone else than {@code context.self()}
   * @param session a client's session number; 0 for a replica
   * @param random for the ephemeral key and the nonce
   * @throws IllegalArgumentException if {@code peer} is oneself, or a replica names a session
   */
  public static Handshake initiator(
      HandshakeContext context, Principal peer, long session, SecureRandom random) {
    if (peer.equals(context.self())) {
      throw new IllegalArgumentException(peer + " can't connect to itself");
    }
    if (context.self().kind() == Principal.Kind.REPLICA && session != 0) {
      throw new IllegalArgumentException("a replica's session number is 0, not " + session);
    }
    Handshake handshake = new Handshake(context, random, Phase.UNSTARTED);
    handshake.peer = peer;
    handshake.session = session;
    return handshake;
  }

  /** The side that accepts the connection; it waits for INIT. */
  public static Handshake responder(HandshakeContext context, SecureRandom random) {
    return new Handshake(context, random, Phase.AWAITING_INIT);
  }

  /**
   * The initiator's first message.
   *
   * @throws IllegalStateException for a responder, or the second time
   */
  public byte[] start() {
    if (phase != Phase.UNSTARTED) {
      throw new IllegalStateException("only an initiator starts, and once");
    }
    phase = Phase.AWAITING_RESPONSE;
    init =
        new InitMessage(
                context.clusterId(),
                context.epoch(),
                context.configurationDigest(),
                context.self(),
                peer,
                session,
                newEphemeralKey(),
                newNonce())
            .encode();
    return init.clone();
  }

  /** Takes the peer's next message. Never throws; out of turn is {@code MALFORMED}. */
  public Step receive(byte[] message) {
    try {
      Step step =
          switch (phase) {
            case AWAITING_INIT -> onInit(message);
            case AWAITING_RESPONSE -> onResponse(message);
            case AWAITING_CONFIRM -> onConfirm(message);
            case UNSTARTED -> throw malformed("a message before INIT was sent");
            case OVER -> throw malformed("the handshake is over");
          };
      if (!(step instanceof Step.Send)) {
        close();
      }
      return step;
    } catch (RefusalException refusal) {
      close();
      return refusal.toStep();
    }
  }

  private Step onInit(byte[] message) throws RefusalException {
    InitMessage hello = InitMessage.decode(message);
    checkSameConfiguration(hello);
    checkPrincipals(hello);
    peer = hello.initiator();
    peerKey = keyOf(peer);
    session = hello.session();
    peerEphemeralKey = hello.ephemeralKey();
    init = message.clone();

    response = new byte[RESPONSE_LENGTH];
    System.arraycopy(newEphemeralKey(), 0, response, 0, InitMessage.EPHEMERAL_KEY_LENGTH);
    System.arraycopy(
        newNonce(), 0, response, InitMessage.EPHEMERAL_KEY_LENGTH, InitMessage.NONCE_LENGTH);
    byte[] signature = context.key().sign(signedByResponder(init, response));
    System.arraycopy(signature, 0, response, SIGNED_RESPONSE_LENGTH, signature.length);
    phase = Phase.AWAITING_CONFIRM;
    return new Step.Send(response.clone());
  }

  private Step onResponse(byte[] message) throws RefusalException {
    checkLength("RESPONSE", message, RESPONSE_LENGTH);
    byte[] signature = Arrays.copyOfRange(message, SIGNED_RESPONSE_LENGTH, RESPONSE_LENGTH);
    if (!keyOf(peer).verify(signedByResponder(init, message), signature)) {
      throw new RefusalException(
          HandshakeRefusal.BAD_AUTH, "the signature in RESPONSE is not that of " + peer);
    }
    byte[] ephemeralKey = Arrays.copyOf(message, InitMessage.EPHEMERAL_KEY_LENGTH);
    byte[] confirm = context.key().sign(signedByInitiator(init, message));
    Session established =
        establish(context.self(), peer, ephemeralKey, transcript(message, confirm));
    return new Step.SendAndDone(confirm, established);
  }

  private Step onConfirm(byte[] message) throws RefusalException {
    checkLength("CONFIRM", message, CONFIRM_LENGTH);
    if (!peerKey.verify(signedByInitiator(init, response), message)) {
      throw new RefusalException(
          HandshakeRefusal.BAD_AUTH, "the signature in CONFIRM is not that of " + peer);
    }
    return new Step.Done(
        establish(peer, context.self(), peerEphemeralKey, transcript(response, message)));
  }

  private void checkSameConfiguration(InitMessage hello) throws RefusalException {
    if (!Arrays.equals(hello.clusterId(), context.clusterId())) {
      throw new RefusalException(HandshakeRefusal.WRONG_CLUSTER, "INIT is for another cluster");
    }
    if (hello.epoch() != context.epoch()) {
      throw new RefusalException(
          HandshakeRefusal.WRONG_EPOCH,
          "epoch "
              + Long.toUnsignedString(hello.epoch())
              + ", here "
              + Long.toUnsignedString(context.epoch()));
    }
    if (!hello.configurationDigest().equals(context.configurationDigest())) {
      throw new RefusalException(
          HandshakeRefusal.CONFIG_MISMATCH,
          "configuration "
              + hello.configurationDigest()
              + ", here "
              + context.configurationDigest());
    }
  }

  private void checkPrincipals(InitMessage hello) throws RefusalException {
    if (!hello.responder().equals(context.self())) {
      throw new RefusalException(
          HandshakeRefusal.WRONG_RECEIVER,
          "INIT is for " + hello.responder() + ", this is " + context.self());
    }
    if (hello.initiator().equals(context.self())) {
      throw new RefusalException(
          HandshakeRefusal.WRONG_RECEIVER, context.self() + " can't connect to itself");
    }
    if (hello.initiator().kind() == Principal.Kind.REPLICA && hello.session() != 0) {
      throw malformed("a replica with a session number");
    }
  }

  private VerifyingKey keyOf(Principal principal) throws RefusalException {
    VerifyingKey key = context.directory().apply(principal);
    if (key == null) {
      throw new RefusalException(
          HandshakeRefusal.UNKNOWN_PRINCIPAL, "no public key is known for " + principal);
    }
    return key;
  }

  /** Only after the peer's signature was verified, so that strangers can't make us compute this. */
  private Session establish(
      Principal initiator, Principal responder, byte[] ephemeralKey, Digest transcript)
      throws RefusalException {
    byte[] secret = new byte[X25519.POINT_SIZE];
    if (!X25519.calculateAgreement(ephemeralSecret, 0, ephemeralKey, 0, secret, 0)) {
      throw new RefusalException(
          HandshakeRefusal.WEAK_KEY, "the ephemeral key of " + peer + " is of low order");
    }
    Session established =
        new KeySchedule(context, secret, transcript).session(initiator, responder, session);
    Arrays.fill(secret, (byte) 0);
    return established;
  }

  private Digest transcript(byte[] wholeResponse, byte[] confirm) {
    return Hasher.domain(TRANSCRIPT_DOMAIN)
        .putBytes(init)
        .putBytes(wholeResponse)
        .putBytes(confirm)
        .digest();
  }

  static byte[] signedByResponder(byte[] init, byte[] response) {
    return Hasher.domain(RESPONDER_DOMAIN)
        .putBytes(init)
        .putBytes(response, 0, SIGNED_RESPONSE_LENGTH)
        .digest()
        .toBytes();
  }

  static byte[] signedByInitiator(byte[] init, byte[] wholeResponse) {
    return Hasher.domain(INITIATOR_DOMAIN)
        .putBytes(init)
        .putBytes(wholeResponse)
        .digest()
        .toBytes();
  }

  private byte[] newEphemeralKey() {
    X25519.generatePrivateKey(random, ephemeralSecret);
    byte[] publicKey = new byte[X25519.POINT_SIZE];
    X25519.generatePublicKey(ephemeralSecret, 0, publicKey, 0);
    return publicKey;
  }

  private byte[] newNonce() {
    byte[] nonce = new byte[InitMessage.NONCE_LENGTH];
    random.nextBytes(nonce);
    return nonce;
  }

  private void close() {
    phase = Phase.OVER;
    Arrays.fill(ephemeralSecret, (byte) 0);
  }

  private static void checkLength(String name, byte[] message, int length) throws RefusalException {
    if (message.length != length) {
      throw malformed(name + " has " + length + " bytes, not " + message.length);
    }
  }

  private static RefusalException malformed(String detail) {
    return new RefusalException(HandshakeRefusal.MALFORMED, detail);
  }
}
