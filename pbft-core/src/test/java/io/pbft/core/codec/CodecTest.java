package io.pbft.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Prepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Reply;
import io.pbft.core.message.Status;
import io.pbft.core.scene.Samples;
import io.pbft.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Each message has exactly one encoding, and nothing else decodes")
class CodecTest {
  static final List<Message> SAMPLES = Samples.all();

  private static final int BODY = 5;

  private final Codec codec = new Codec(Limits.DEFAULT);

  private Reason refusal(byte[] content) {
    Decoded decoded = codec.decode(content);
    assertThat(decoded).isInstanceOf(Decoded.Failed.class);
    return ((Decoded.Failed) decoded).reason();
  }

  @Test
  void thereIsASampleOfEveryType() {
    EnumSet<MessageType> types = EnumSet.noneOf(MessageType.class);
    SAMPLES.forEach(message -> types.add(message.type()));
    assertThat(types).isEqualTo(EnumSet.allOf(MessageType.class));
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void whatIsEncodedDecodesToTheSame(Message message) {
    byte[] content = codec.encode(message);
    Decoded decoded = codec.decode(content);
    assertThat(decoded).isInstanceOf(Decoded.Ok.class);
    Message copy = ((Decoded.Ok) decoded).message();
    assertThat(copy).hasSameClassAs(message);
    assertThat(codec.encode(Samples.anew(copy))).isEqualTo(content);
    assertThat(codec.encode(copy)).as("with the encoding that was kept").isEqualTo(content);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void whatIsCutShortAnywhereIsRefused(Message message) {
    byte[] content = codec.encode(message);
    for (int length = 0; length < content.length; length++) {
      assertThat(refusal(Arrays.copyOf(content, length))).isNotNull();
    }
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  void whatHasMoreBehindItIsRefused(Message message) {
    byte[] content = codec.encode(message);
    assertThat(refusal(Arrays.copyOf(content, content.length + 1))).isEqualTo(Reason.NON_CANONICAL);
  }

  @ParameterizedTest
  @FieldSource("SAMPLES")
  @DisplayName(
      "No changed byte yields the same message: what still decodes encodes to the changed bytes")
  void noTwoByteStringsAreOneMessage(Message message) {
    byte[] content = codec.encode(message);
    for (int i = 0; i < content.length; i++) {
      for (int flip : new int[] {0x01, 0x02, 0x10, 0x80, 0xff}) {
        byte[] changed = content.clone();
        changed[i] ^= (byte) flip;
        if (codec.decode(changed) instanceof Decoded.Ok ok) {
          assertThat(codec.encode(Samples.anew(ok.message()))).isEqualTo(changed);
        }
      }
    }
  }

  @Test
  void tagsThatMeanNothingAreRefused() {
    byte[] content = codec.encode(new Prepare(0, 1, Digest.ZERO, 1));
    IntStream.of(0, 24, 31, 32, 127, 128, 255)
        .forEach(
            tag -> {
              content[0] = (byte) tag;
              assertThat(refusal(content)).isEqualTo(Reason.UNKNOWN_TYPE);
            });
  }

  @Test
  void aBooleanIsZeroOrOne() {
    byte[] content = codec.encode(new Status(0, true, 0, 0, 0, 1));
    content[BODY + Long.BYTES] = 2;
    assertThat(refusal(content)).isEqualTo(Reason.NON_CANONICAL);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 4 + 1})
  @DisplayName("Views and sequence numbers stay far below overflow")
  void numbersThatArithmeticCouldOverflowAreRefused(long number) {
    byte[] content = codec.encode(new Prepare(0, 1, Digest.ZERO, 1));
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(BODY, number);
    assertThat(refusal(content)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void anAuthorBelowZeroIsRefused() {
    byte[] content = codec.encode(new Prepare(0, 1, Digest.ZERO, 1));
    ByteBuffer.wrap(content).putInt(1, -1);
    assertThat(refusal(content)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  @DisplayName("A payload says 0 or 64 bytes of signature, and has them")
  void payloadsWithAnyOtherSignatureLengthAreMalformed() {
    byte[] payload = new byte[200];
    for (int length = 0; length < 256; length++) {
      payload[0] = (byte) length;
      boolean fits = length == 0 || length == 64;
      assertThat(codec.envelope(payload, 0, payload.length) != null).isEqualTo(fits);
    }
    payload[0] = 64;
    assertThat(codec.envelope(payload, 0, 64)).isNull();
    assertThat(codec.envelope(payload, 0, 65).content()).isEmpty();
    assertThat(codec.envelope(payload, 0, 0)).isNull();
  }

  @Test
  void anEnvelopeIsReadWhereItIsAndCopied() {
    byte[] buffer = new byte[100];
    buffer[10] = 0;
    buffer[11] = 42;
    byte[] content = codec.envelope(buffer, 10, 2).content();
    buffer[11] = 0;
    assertThat(content).containsExactly(42);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 0xff})
  void aReplyHasNoPartsThatAreUnknown(int parts) {
    assertThat(refusal(reply((byte) parts, 7))).isEqualTo(Reason.NON_CANONICAL);
  }

  @Test
  void aTentativeReplyHasASequenceNumber() {
    assertThat(refusal(reply((byte) 2, 0))).isEqualTo(Reason.NON_CANONICAL);
  }

  /** A tentative reply without a result, with another byte for its parts. */
  private byte[] reply(byte parts, long sequence) {
    byte[] content = codec.encode(new Reply(1, 0, 1, 2, Digest.ZERO, null, 7, 1));
    ByteBuffer.wrap(content)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(content.length - 9, parts)
        .putLong(content.length - 8, sequence);
    return content;
  }
}
