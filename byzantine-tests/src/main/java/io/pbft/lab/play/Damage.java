package io.pbft.lab.play;

import io.pbft.core.codec.Codec;
import io.pbft.core.codec.Decoded;
import io.pbft.core.message.Envelope;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Changes of a message's bytes. Content is {@code type (1) | author (4) | body}. */
final class Damage {
  private static final int AUTHOR_AT = 1;

  private Damage() {}

  /** {@code corrupt PART}: the bytes change after they were signed. */
  static Draft corrupt(Draft draft, String part, Envelope sealed) {
    byte[] content = sealed.content();
    byte[] signature = sealed.signature();
    return switch (part) {
      case "mac" -> draft.sealedAs(sealed).withBadMac();
      case "signature" -> draft.sealedAs(new Envelope(content, flipped(signature)));
      case "no-signature" -> draft.sealedAs(new Envelope(content, new byte[signature.length]));
      case "bytes" -> draft.sealedAs(new Envelope(flipped(content), signature));
      case "tail" -> draft.sealedAs(new Envelope(longer(content), signature));
      case "type" -> draft.sealedAs(new Envelope(otherType(content), signature));
      case "cut" ->
          draft.sealedAs(new Envelope(Arrays.copyOf(content, content.length / 2), signature));
      default -> throw new IllegalStateException("no part " + part);
    };
  }

  /**
   * As it would be sent in another cluster: signed for that one, or, where only the link vouches
   * for it, under the key of a link in that one.
   */
  static Draft foreign(Draft draft, Envelope here, Envelope there) {
    boolean unsigned = Arrays.equals(here.signature(), there.signature());
    return unsigned ? draft.sealedAs(here).withBadMac() : draft.sealedAs(there);
  }

  /** Another content under the same signature. */
  static Envelope spoiled(Envelope honest) {
    return new Envelope(flipped(honest.content()), honest.signature());
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    if (copy.length > 0) {
      copy[copy.length - 1] ^= 1;
    }
    return copy;
  }

  private static byte[] longer(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** Prepares pass for commits and the other way round; others for a type that does not exist. */
  private static byte[] otherType(byte[] content) {
    byte[] copy = content.clone();
    int tag = copy[0];
    copy[0] =
        (byte)
            (tag == MessageType.PREPARE.tag()
                ? MessageType.COMMIT.tag()
                : tag == MessageType.COMMIT.tag() ? MessageType.PREPARE.tag() : 31);
    return copy;
  }

  /** The same message with another author's number in it; null if it then is no message. */
  static Message by(Message message, int author, Codec codec) {
    byte[] content = codec.encode(message);
    ByteBuffer.wrap(content).putInt(AUTHOR_AT, author);
    return codec.decode(content) instanceof Decoded.Ok ok ? ok.message() : null;
  }
}
