package io.pbft.lab.play;

import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import io.pbft.core.runtime.Defences;
import io.pbft.crypto.Authenticator;
import io.pbft.crypto.Hasher;
import io.pbft.crypto.MacKey;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.Stagehand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The MACs of frames. The simulator's links are reliable about who sent what, so a frame's MAC is
 * only computed where somebody tampers with the frame, and then it really is: under the key of the
 * link that it was made for, checked with the key of the link that it came over.
 */
final class Links {
  private final Stagehand hand;
  private final Defences defences;

  /** A payload and its MAC. */
  record Frame(byte[] payload, byte[] tag) {}

  Links(Stagehand hand, Defences defences) {
    this.hand = hand;
    this.defences = defences;
  }

  /** A frame as the sender makes it. */
  Frame frame(Principal from, Principal to, byte[] payload) {
    return new Frame(payload, mac(from, to, payload).tag());
  }

  /** The frame with one bit flipped, of payload or MAC. */
  static Frame flip(Frame frame, int bit) {
    byte[] payload = frame.payload().clone();
    byte[] tag = frame.tag().clone();
    int at = (bit >>> 3) % (payload.length + tag.length);
    byte[] part = at < payload.length ? payload : tag;
    int index = at < payload.length ? at : at - payload.length;
    part[index] ^= (byte) (1 << (bit & 7));
    return new Frame(payload, tag);
  }

  /** A frame arrives over the link from {@code over}; refused where its MAC does not verify. */
  void arrive(Principal over, Principal to, Frame frame) {
    boolean genuine = mac(over, to, frame.payload()).verify(frame.tag(), 0);
    if (genuine || !defences.refuses(Reason.BAD_AUTH)) {
      hand.deliver(over, to, frame.payload());
    } else if (to.kind() == Principal.Kind.REPLICA) {
      int sender = over.kind() == Principal.Kind.REPLICA ? over.id() : -1;
      hand.refuse(to.id(), Reason.BAD_AUTH, type(frame.payload()), sender);
    }
  }

  static MessageType type(byte[] payload) {
    int at = payload.length == 0 ? 0 : 1 + (payload[0] & 0xff);
    return at < payload.length ? MessageType.ofTag(payload[at]) : null;
  }

  private static Authenticator mac(Principal from, Principal to, byte[] payload) {
    Hasher hasher = Hasher.domain("lab-link");
    for (Principal end : new Principal[] {from, to}) {
      hasher.putSized(end.toString().getBytes(StandardCharsets.UTF_8));
    }
    ByteBuffer context = ByteBuffer.allocate(8).putInt(from.id()).putInt(to.id());
    return MacKey.from(hasher.digest()).newAuthenticator().update(context.array()).update(payload);
  }
}
