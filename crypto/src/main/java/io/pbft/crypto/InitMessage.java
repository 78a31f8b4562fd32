package io.pbft.crypto;

import java.nio.ByteBuffer;

/**
 * The first message of a handshake, from the initiator.
 *
 * <pre>
 * magic "PBFT" 4 | version u8 | cluster id 32 | epoch u64 | configuration digest 32
 * | initiator kind u8, id u32 | responder kind u8, id u32 | session u64 | ephemeral key 32 | nonce 32
 * </pre>
 */
record InitMessage(
    byte[] clusterId,
    long epoch,
    Digest configurationDigest,
    Principal initiator,
    Principal responder,
    long session,
    byte[] ephemeralKey,
    byte[] nonce) {
  static final int LENGTH = 159;
  static final int NONCE_LENGTH = 32;
  static final int EPHEMERAL_KEY_LENGTH = 32;

  private static final int MAGIC = 0x50424654;
  private static final int VERSION = 1;
  private static final int VERSION_OFFSET = Integer.BYTES;

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(LENGTH);
    out.putInt(MAGIC).put((byte) VERSION).put(clusterId).putLong(epoch);
    out.put(configurationDigest.toBytes());
    putPrincipal(out, initiator);
    putPrincipal(out, responder);
    out.putLong(session).put(ephemeralKey).put(nonce);
    return out.array();
  }

  /** Magic and version come before the length, which other versions may have different. */
  static InitMessage decode(byte[] message) throws RefusalException {
    ByteBuffer in = ByteBuffer.wrap(message);
    if (message.length <= VERSION_OFFSET || in.getInt() != MAGIC) {
      throw new RefusalException(HandshakeRefusal.MALFORMED, "not a PBFT handshake");
    }
    int version = Byte.toUnsignedInt(in.get());
    if (version != VERSION) {
      throw new RefusalException(
          HandshakeRefusal.WRONG_VERSION, "version " + version + ", here " + VERSION);
    }
    if (message.length != LENGTH) {
      throw new RefusalException(
          HandshakeRefusal.MALFORMED, "INIT has " + LENGTH + " bytes, not " + message.length);
    }
    return new InitMessage(
        getBytes(in, HandshakeContext.CLUSTER_ID_LENGTH),
        in.getLong(),
        Digest.fromBytes(getBytes(in, Digest.LENGTH)),
        getPrincipal(in),
        getPrincipal(in),
        in.getLong(),
        getBytes(in, EPHEMERAL_KEY_LENGTH),
        getBytes(in, NONCE_LENGTH));
  }

  static void putPrincipal(ByteBuffer out, Principal principal) {
    out.put((byte) principal.kind().code()).putInt(principal.id());
  }

  private static Principal getPrincipal(ByteBuffer in) throws RefusalException {
    Principal.Kind kind = Principal.Kind.ofCode(Byte.toUnsignedInt(in.get()));
    int id = in.getInt();
    if (kind == null || id < 0) {
      throw new RefusalException(HandshakeRefusal.MALFORMED, "INIT names an impossible principal");
    }
    return new Principal(kind, id);
  }

  private static byte[] getBytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
