package io.pbft.crypto;

import static io.pbft.crypto.TestCluster.R0;
import static io.pbft.crypto.TestCluster.R1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pbft.crypto.TestCluster.Connection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static final int PAYLOAD_LENGTH = 10;

  private final TestCluster cluster = new TestCluster(1);
  private final Connection connection = cluster.connect(R0, R1);
  private final SealingChannel sender = connection.initiator().outbound();
  private final OpeningChannel receiver = connection.responder().inbound();

  @Test
  void messagesPassInOrder() {
    for (int i = 0; i < 1000; i++) {
      assertThat(opens(sealed(i))).isTrue();
    }
  }

  @Test
  void aReplayedMessageFails() {
    byte[] frame = sealed(1);
    assertThat(opens(frame)).isTrue();
    assertThat(opens(frame)).isFalse();
    assertThat(opens(sealed(2))).isTrue();
  }

  @Test
  void equalPayloadsHaveDifferentTags() {
    assertThat(sealed(1)).isNotEqualTo(sealed(1));
  }

  @Test
  void aReorderedMessageFailsAndTheRightOneStillPasses() {
    byte[] first = sealed(1);
    byte[] second = sealed(2);
    assertThat(opens(second)).isFalse();
    assertThat(opens(first)).isTrue();
    assertThat(opens(second)).isTrue();
  }

  @Test
  void afterADroppedMessageNothingPasses() {
    sealed(1);
    assertThat(opens(sealed(2))).isFalse();
    assertThat(opens(sealed(3))).isFalse();
  }

  @Test
  void aReflectedMessageFails() {
    byte[] frame = sealed(1);
    assertThat(connection.initiator().inbound().verify(frame, 0, PAYLOAD_LENGTH, PAYLOAD_LENGTH))
        .isFalse();
  }

  @Test
  void aMessageOfAnotherConnectionFails() {
    OpeningChannel other = cluster.connect(R0, R1).responder().inbound();
    assertThat(other.verify(sealed(1), 0, PAYLOAD_LENGTH, PAYLOAD_LENGTH)).isFalse();
  }

  @Test
  void aTruncatedOrExtendedPayloadFails() {
    byte[] frame = sealed(1);
    for (int length = 0; length <= frame.length; length++) {
      if (length != PAYLOAD_LENGTH) {
        assertThat(receiver.verify(frame, 0, length, PAYLOAD_LENGTH)).isFalse();
      }
    }
    assertThat(opens(frame)).isTrue();
  }

  @Test
  void everyFlippedBitFails() {
    byte[] frame = sealed(1);
    for (int bit = 0; bit < frame.length * 8; bit++) {
      assertThat(opens(Bytes.flipBit(frame, bit))).isFalse();
    }
    assertThat(opens(frame)).isTrue();
  }

  @Test
  void anEmptyPayloadPasses() {
    assertThat(receiver.verify(sender.tagFor(new byte[0]), 0, 0, 0)).isTrue();
  }

  @Test
  void worksAnywhereInABuffer() {
    byte[] buffer = cluster.random.bytes(100);
    sender.tag(buffer, 40, 30, buffer, 7);
    assertThat(receiver.verify(buffer, 40, 30, 7)).isTrue();
  }

  @Test
  void aMessageInTwoPartsIsTheSameAsInOne() {
    byte[] whole = cluster.random.bytes(50);
    byte[] tail = Arrays.copyOfRange(whole, 7, 50);
    byte[] tag = new byte[16];
    sender.tag(whole, 2, 5, tail, tag, 0);
    assertThat(receiver.verify(Bytes.concat(whole, tag), 2, 48, 50)).isTrue();
  }

  @Test
  void impossibleRangesAreFalse() {
    byte[] frame = sealed(1);
    int[] outside = {Integer.MIN_VALUE, -1, frame.length + 1, Integer.MAX_VALUE};
    for (int bad : outside) {
      assertThat(receiver.verify(frame, bad, 1, 0)).isFalse();
      assertThat(receiver.verify(frame, 0, bad, 0)).isFalse();
      assertThat(receiver.verify(frame, bad, bad, 0)).isFalse();
      assertThat(receiver.verify(frame, 0, 1, bad)).isFalse();
    }
    assertThat(receiver.verify(frame, 0, PAYLOAD_LENGTH, frame.length - 15)).isFalse();
    assertThat(opens(frame)).isTrue();
  }

  @Test
  void aFailedTagTakesNoNumber() {
    byte[] payload = new byte[PAYLOAD_LENGTH];
    assertThatThrownBy(() -> sender.tag(payload, 0, 11, new byte[16], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sender.tag(payload, 0, 10, new byte[16], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(opens(sealed(1))).isTrue();
  }

  private byte[] sealed(int value) {
    byte[] payload = Bytes.repeat(value, PAYLOAD_LENGTH);
    return Bytes.concat(payload, sender.tagFor(payload));
  }

  private boolean opens(byte[] frame) {
    return receiver.verify(frame, 0, PAYLOAD_LENGTH, PAYLOAD_LENGTH);
  }
}
