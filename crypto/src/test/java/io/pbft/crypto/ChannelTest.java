package io.pbft.crypto;

import static io.pbft.crypto.TestCluster.R0;
import static io.pbft.crypto.TestCluster.R1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.pbft.crypto.TestCluster.Connection;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void equalPayloadsAreSealedDifferently() {
    assertThat(sealed(1)).isNotEqualTo(sealed(1));
  }

  @Test
  void aPayloadIsNotToBeReadOnItsWay() {
    byte[] payload = cluster.random.bytes(1000);
    byte[] sealed = sender.seal(payload);
    for (int i = 0; i + 8 <= payload.length; i++) {
      assertThat(Arrays.mismatch(payload, i, i + 8, sealed, i, i + 8)).isNotNegative();
    }
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
    assertThat(opens(connection.initiator().inbound(), frame)).isFalse();
  }

  @Test
  void aMessageOfAnotherConnectionFails() {
    OpeningChannel other = cluster.connect(R0, R1).responder().inbound();
    assertThat(opens(other, sealed(1))).isFalse();
  }

  @Test
  void aTruncatedOrExtendedMessageFails() {
    byte[] frame = sealed(1);
    byte[] longer = Arrays.copyOf(frame, frame.length + 20);
    for (int length = 0; length <= longer.length; length++) {
      if (length != frame.length) {
        assertThat(receiver.open(longer, 0, length, new byte[60], 0)).isFalse();
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
    byte[] sealed = sender.seal(new byte[0]);
    assertThat(sealed).hasSize(SealingChannel.OVERHEAD);
    assertThat(receiver.open(sealed, 0, sealed.length, new byte[0], 0)).isTrue();
  }

  @Test
  void worksAnywhereInABuffer() {
    byte[] buffer = cluster.random.bytes(100);
    byte[] payload = Arrays.copyOfRange(buffer, 40, 70);
    sender.seal(buffer, 40, 30, buffer, 7);
    byte[] opened = new byte[50];
    assertThat(receiver.open(buffer, 7, 46, opened, 11)).isTrue();
    assertThat(Arrays.copyOfRange(opened, 11, 41)).isEqualTo(payload);
  }

  /** Also across what the cipher works on at a time. */
  @ParameterizedTest
  @ValueSource(ints = {5, 16, 1_000, 100_000})
  void aMessageInTwoPartsIsTheSameAsInOne(int length) {
    byte[] whole = cluster.random.bytes(length + 7);
    byte[] tail = Arrays.copyOfRange(whole, 6, length + 7);
    byte[] sealed = new byte[4 + tail.length + SealingChannel.OVERHEAD];
    sender.seal(whole, 2, 4, tail, sealed, 0);
    byte[] opened = new byte[4 + tail.length];
    assertThat(receiver.open(sealed, 0, sealed.length, opened, 0)).isTrue();
    assertThat(opened).isEqualTo(Arrays.copyOfRange(whole, 2, whole.length));
  }

  @Test
  void impossibleRangesAreFalse() {
    byte[] frame = sealed(1);
    byte[] opened = new byte[PAYLOAD_LENGTH];
    int[] outside = {Integer.MIN_VALUE, -1, frame.length + 1, Integer.MAX_VALUE};
    for (int bad : outside) {
      assertThat(receiver.open(frame, bad, frame.length, opened, 0)).isFalse();
      assertThat(receiver.open(frame, 0, bad, opened, 0)).isFalse();
      assertThat(receiver.open(frame, bad, bad, opened, 0)).isFalse();
    }
    assertThat(opens(frame)).isTrue();
  }

  @Test
  void aMessageWithoutRoomTakesNoNumber() {
    byte[] payload = new byte[PAYLOAD_LENGTH];
    assertThatThrownBy(() -> sender.seal(payload, 0, 11, new byte[27], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sender.seal(payload, 0, 10, new byte[26], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    byte[] frame = sealed(1);
    assertThatThrownBy(() -> receiver.open(frame, 0, frame.length, payload, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(opens(frame)).isTrue();
  }

  /** Whoever has the key and the number opens a message with any AES-GCM there is. */
  @Test
  void aMessageIsAesGcmWithItsNumberAsNonce() throws InvalidCipherTextException {
    byte[] secret = cluster.random.bytes(32);
    SealingChannel channel = new SealingChannel(new ChannelKey(secret));
    channel.seal(new byte[1]);
    byte[] sealed = channel.seal(Bytes.ascii("second"));
    byte[] key = Hkdf.expand(secret, Bytes.ascii("pbft-channel-key"), 16);
    assertThat(openedElsewhere(key, "000000000000000000000001", sealed))
        .isEqualTo(Bytes.ascii("second"));
  }

  @Test
  void bothEndsChangeTheKeyAfterAsManyMessages() throws InvalidCipherTextException {
    byte[] secret = cluster.random.bytes(32);
    SealingChannel from = new SealingChannel(new ChannelKey(secret));
    OpeningChannel to = new OpeningChannel(new ChannelKey(secret));
    byte[] sealed = new byte[SealingChannel.OVERHEAD];
    for (long i = 0; i <= ChannelKey.MESSAGES; i++) {
      from.seal(sealed, 0, 0, sealed, 0);
      if (!to.open(sealed, 0, sealed.length, new byte[0], 0)) {
        fail("message %d does not open", i);
      }
    }
    byte[] next = Hkdf.expand(secret, Bytes.ascii("pbft-channel-next"), 32);
    byte[] key = Hkdf.expand(next, Bytes.ascii("pbft-channel-key"), 16);
    assertThat(openedElsewhere(key, "000000000000000000100001", from.seal(Bytes.ascii("next"))))
        .isEqualTo(Bytes.ascii("next"));
  }

  private static byte[] openedElsewhere(byte[] key, String nonce, byte[] sealed)
      throws InvalidCipherTextException {
    GCMModeCipher gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
    gcm.init(false, new AEADParameters(new KeyParameter(key), 128, Bytes.hex(nonce)));
    byte[] opened = new byte[gcm.getOutputSize(sealed.length)];
    gcm.doFinal(opened, gcm.processBytes(sealed, 0, sealed.length, opened, 0));
    return opened;
  }

  private byte[] sealed(int value) {
    return sender.seal(Bytes.repeat(value, PAYLOAD_LENGTH));
  }

  private boolean opens(byte[] frame) {
    return opens(receiver, frame);
  }

  private static boolean opens(OpeningChannel channel, byte[] frame) {
    return channel.open(frame, 0, frame.length, new byte[PAYLOAD_LENGTH], 0);
  }
}
