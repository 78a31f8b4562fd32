package io.pbft.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Derives the keys of a {@link Session} from the shared secret and the transcript. */
final class KeySchedule {
  private static final String CHANNEL = "pbft-channel";
  private static final String REQUEST_KEY = "pbft-request-key";
  private static final int CHANNEL_SECRET_LENGTH = 32;
  private static final int PRINCIPAL_LENGTH = 5;

  private final HandshakeContext context;
  private final byte[] pseudoRandomKey;

  KeySchedule(HandshakeContext context, byte[] sharedSecret, Digest transcript) {
    this.context = context;
    this.pseudoRandomKey = Hkdf.extract(transcript.toBytes(), sharedSecret);
  }

  /** The session as {@code context.self()} sees it; call once, the secret is wiped. */
  Session session(Principal initiator, Principal responder, long number) {
    Principal self = context.self();
    Principal peer = self.equals(initiator) ? responder : initiator;
    byte[] outbound = info(CHANNEL, self, peer);
    byte[] inbound = info(CHANNEL, peer, self);
    byte[] request = info(REQUEST_KEY, initiator, responder);
    Session session =
        new Session(
            self,
            peer,
            number,
            new SealingChannel(channelKey(outbound)),
            new OpeningChannel(channelKey(inbound)),
            requestKey(request));
    Arrays.fill(pseudoRandomKey, (byte) 0);
    return session;
  }

  private ChannelKey channelKey(byte[] info) {
    byte[] secret = Hkdf.expand(pseudoRandomKey, info, CHANNEL_SECRET_LENGTH);
    ChannelKey key = new ChannelKey(secret);
    Arrays.fill(secret, (byte) 0);
    return key;
  }

  private MacKey requestKey(byte[] info) {
    byte[] raw = Hkdf.expand(pseudoRandomKey, info, MacKey.LENGTH);
    MacKey key = MacKey.fromBytes(raw);
    Arrays.fill(raw, (byte) 0);
    return key;
  }

  private byte[] info(String tag, Principal sender, Principal receiver) {
    byte[] domain = tag.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out =
        ByteBuffer.allocate(
            Integer.BYTES
                + domain.length
                + HandshakeContext.CLUSTER_ID_LENGTH
                + Long.BYTES
                + 2 * PRINCIPAL_LENGTH);
    out.putInt(domain.length).put(domain).put(context.clusterId()).putLong(context.epoch());
    InitMessage.putPrincipal(out, sender);
    InitMessage.putPrincipal(out, receiver);
    return out.array();
  }
}
