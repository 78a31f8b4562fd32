package io.pbft.core.codec;

import static io.pbft.core.scene.Scene.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.message.AuthenticatedRequest;
import io.pbft.core.message.Batch;
import io.pbft.core.message.Committed;
import io.pbft.core.message.Message;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.PrePrepare;
import io.pbft.core.message.Reason;
import io.pbft.core.message.Relay;
import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.core.message.RequestMessage;
import io.pbft.core.message.StatusReport;
import io.pbft.core.message.ViewChange;
import io.pbft.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Contents whose parts contradict the rules are refused, before they cost memory")
class HostileContentTest {
  private static final Digest LOW = Digest.ZERO;
  private static final Digest HIGH = Digest.of(new byte[] {1});

  private final Limits limits = new Limits(100_000, 1_000, 1_000, 4, 2_000);
  private final Codec codec = new Codec(limits);

  private Reason refusal(Message message) {
    return refusal(codec.encode(message));
  }

  private Reason refusal(byte[] content) {
    return codec.decode(content) instanceof Decoded.Failed failed ? failed.reason() : null;
  }

  private static AuthenticatedRequest unchecked(Request request) {
    return new AuthenticatedRequest(request, new RequestAuthenticator.Signature(new byte[64]));
  }

  private static PrePrepare proposal(List<AuthenticatedRequest> requests) {
    Batch batch = new Batch(1, requests);
    return new PrePrepare(0, 1, batch.digest(), batch, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000_000, Integer.MAX_VALUE, -1})
  @DisplayName(
      "One message claiming 2^31 elements (BFT-SMaRt takes 2 GB): refused by the bytes that remain")
  void aCountThatTheBytesCantHoldIsRefused(int count) {
    byte[] content =
        ByteBuffer.allocate(17)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) MessageType.COMMITTED.tag())
            .putInt(0)
            .putLong(1)
            .putInt(count)
            .array();
    assertThat(refusal(content)).isIn(Reason.MALFORMED, Reason.TOO_LARGE);
    content[0] = (byte) MessageType.CHUNKS.tag();
    assertThat(refusal(content)).isNotNull();
  }

  @Test
  void anOperationBeyondItsLimitIsRefused() {
    Request request = new Request(0, 1, 1, 1, Request.Kind.WRITE, new byte[1_001]);
    assertThat(refusal(new RequestMessage(unchecked(request), false))).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void tooManyRequestsInABatchAreRefused() {
    List<AuthenticatedRequest> requests = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      requests.add(unchecked(request(0, 1, i, "")));
    }
    assertThat(refusal(proposal(requests))).isEqualTo(Reason.TOO_LARGE);
    assertThat(refusal(proposal(requests.subList(0, 4)))).isNull();
  }

  @Test
  void tooManyBytesInABatchAreRefused() {
    String big = "x".repeat(700);
    List<AuthenticatedRequest> requests =
        List.of(
            unchecked(request(0, 1, 1, big)),
            unchecked(request(0, 1, 2, big)),
            unchecked(request(0, 1, 3, big)));
    assertThat(refusal(proposal(requests))).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void aRequestOfTimestampZeroOrSessionZeroIsNone() {
    assertThat(refusal(new RequestMessage(unchecked(request(0, 1, 0, 0, "")), false)))
        .isEqualTo(Reason.MALFORMED);
    assertThat(refusal(new RequestMessage(unchecked(request(0, 0, 1, 1, "")), false)))
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void aRequestCantAcknowledgeWhatComesAfterIt() {
    assertThat(refusal(new RequestMessage(unchecked(request(0, 1, 1, 2, "")), false)))
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  @DisplayName("The author in front and the client inside are one")
  void aRequestUnderAnotherAuthorIsRefused() {
    byte[] content = codec.encode(new RequestMessage(unchecked(request(3, 1, 1, "")), false));
    content[1] = 2;
    assertThat(refusal(content)).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void entriesOutOfOrderOrTwiceAreRefused() {
    ViewChange.Held four = new ViewChange.Held(4, LOW);
    ViewChange.Held eight = new ViewChange.Held(8, LOW);
    ViewChange.Entry low = new ViewChange.Entry(1, LOW, 0);
    ViewChange.Entry high = new ViewChange.Entry(1, HIGH, 0);
    ViewChange.Entry next = new ViewChange.Entry(2, LOW, 0);
    for (ViewChange bad :
        List.of(
            new ViewChange(1, 0, List.of(eight, four), List.of(), List.of(), 0),
            new ViewChange(1, 0, List.of(four, four), List.of(), List.of(), 0),
            new ViewChange(1, 0, List.of(), List.of(next, low), List.of(), 0),
            new ViewChange(1, 0, List.of(), List.of(low, high), List.of(), 0),
            new ViewChange(1, 0, List.of(), List.of(), List.of(high, low), 0),
            new ViewChange(1, 0, List.of(), List.of(), List.of(low, low), 0),
            new ViewChange(1, 0, List.of(), List.of(), List.of(next, high), 0))) {
      assertThat(refusal(bad)).as(bad.toString()).isEqualTo(Reason.NON_CANONICAL);
    }
    assertThat(
            refusal(
                new ViewChange(
                    1, 0, List.of(four, eight), List.of(low, next), List.of(low, high, next), 0)))
        .isNull();
  }

  @Test
  void aMacVectorOfTooManyEntriesIsRefused() {
    RequestAuthenticator.Macs many =
        new RequestAuthenticator.Macs(new int[1_025], new byte[1_025 * 16]);
    AuthenticatedRequest request = new AuthenticatedRequest(request(0, 1, 1, ""), many);
    assertThat(refusal(new RequestMessage(request, false))).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  @DisplayName("A signature over several requests has one encoding, and its place is in the tree")
  void aPlaceOutsideOfItsTreeIsRefused() {
    RequestAuthenticator proof =
        new RequestAuthenticator.Signature(new byte[64], 5, new byte[3 * Digest.LENGTH]);
    AuthenticatedRequest request = new AuthenticatedRequest(request(0, 1, 1, ""), proof);
    byte[] content = codec.encode(new RequestMessage(request, false));
    assertThat(refusal(content)).isNull();
    int depth = content.length - 3 * Digest.LENGTH - 64 - 2;
    assertThat(content[depth]).isEqualTo((byte) 3);
    for (int other : new int[] {0, 1, 2, 7, 8, 32, 255}) {
      byte[] changed = content.clone();
      changed[depth] = (byte) other;
      assertThat(refusal(changed)).as("depth %d", other).isEqualTo(Reason.MALFORMED);
    }
    for (int other : new int[] {8, 13, 128 + 5, 255}) {
      byte[] changed = content.clone();
      changed[depth + 1] = (byte) other;
      assertThat(refusal(changed)).as("index %d", other).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  @DisplayName("Without a level above its leaves it is no tree, but one request's signature")
  void aTreeOfDepthZeroIsNoneAndASeventhLevelIsTooMany() {
    byte[] content = codec.encode(new RequestMessage(unchecked(request(0, 1, 1, "")), false));
    int kind = content.length - 64 - 1;
    for (int depth : new int[] {0, 7}) {
      byte[] tree = new byte[content.length + 2 + depth * Digest.LENGTH];
      System.arraycopy(content, 0, tree, 0, kind);
      tree[kind] = 3;
      tree[kind + 1] = (byte) depth;
      assertThat(refusal(tree)).isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void tooManyClaimsAreRefused() {
    Codec roomy = new Codec(Limits.DEFAULT);
    Committed many = new Committed(1, Collections.nCopies((1 << 16) + 1, LOW), 0);
    assertThat(((Decoded.Failed) roomy.decode(roomy.encode(many))).reason())
        .isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    byte[] content = codec.encode(new StatusReport(0, 0, true, 0, 0, 0, 0, 0, "ab", List.of(), 1));
    int text = indexOf(content, "ab".getBytes(StandardCharsets.UTF_8));
    content[text] = (byte) 0xc3;
    content[text + 1] = (byte) 0xff;
    assertThat(refusal(content)).isEqualTo(Reason.NON_CANONICAL);
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (bytes[i] == wanted[0] && bytes[i + 1] == wanted[1]) {
        return i;
      }
    }
    throw new AssertionError("not there");
  }

  @Test
  void aRelayThatClaimsLongPartsIsRefused() {
    byte[] content = codec.encode(new Relay(List.of(), 1));
    byte[] one = java.util.Arrays.copyOf(content, content.length + 68);
    ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).putInt(5, 1).putInt(9 + 64, 99_000);
    assertThat(refusal(one)).isEqualTo(Reason.MALFORMED);
    ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).putInt(9 + 64, 100_001);
    assertThat(refusal(one)).isEqualTo(Reason.TOO_LARGE);
  }
}
