package io.pbft.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KvCodecTest {
  private static final byte[] KEY = KvClient.utf8("key");
  private static final byte[] VALUE = KvClient.utf8("Ångström");

  static Stream<KvOperation> operations() {
    return Stream.of(
        new KvOperation.Put(KEY, VALUE),
        new KvOperation.Put(new byte[0], new byte[0]),
        new KvOperation.Get(KEY),
        new KvOperation.Delete(KEY),
        new KvOperation.CompareAndSet(KEY, null, VALUE),
        new KvOperation.CompareAndSet(KEY, VALUE, KEY),
        new KvOperation.Scan(KEY, null, 1),
        new KvOperation.Scan(KEY, VALUE, Integer.MAX_VALUE));
  }

  static Stream<KvResult> results() {
    return Stream.of(
        new KvResult.Done(),
        new KvResult.Value(VALUE),
        new KvResult.None(),
        new KvResult.Conflict(null),
        new KvResult.Conflict(VALUE),
        new KvResult.Entries(List.of(), false),
        new KvResult.Entries(List.of(new KvResult.Entry(KEY, VALUE)), true),
        new KvResult.Refused("why not"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void anOperationHasExactlyOneEncoding(KvOperation operation) throws KvFormatException {
    byte[] encoded = operation.encode();
    assertThat(KvOperation.decode(encoded)).hasSameClassAs(operation);
    assertThat(KvOperation.decode(encoded).encode()).isEqualTo(encoded);
    cutsAndTailsAreRefused(encoded, KvOperation::decode);
  }

  @ParameterizedTest
  @MethodSource("results")
  void aResultHasExactlyOneEncoding(KvResult result) throws KvFormatException {
    byte[] encoded = result.encode();
    assertThat(KvResult.decode(encoded)).hasSameClassAs(result);
    assertThat(KvResult.decode(encoded).encode()).isEqualTo(encoded);
    cutsAndTailsAreRefused(encoded, KvResult::decode);
  }

  private interface Decoder {
    Object decode(byte[] bytes) throws KvFormatException;
  }

  private static void cutsAndTailsAreRefused(byte[] encoded, Decoder decoder) {
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThatThrownBy(() -> decoder.decode(cut)).isInstanceOf(KvFormatException.class);
    }
    byte[] tailed = Arrays.copyOf(encoded, encoded.length + 1);
    assertThatThrownBy(() -> decoder.decode(tailed)).isInstanceOf(KvFormatException.class);
  }

  @Test
  void whateverDecodesIsCanonical() {
    Random random = new Random(1);
    int decoded = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      for (int at = 0; at < Math.min(4, bytes.length); at++) {
        bytes[at] = (byte) (at == 0 ? random.nextInt(7) : 0);
      }
      try {
        assertThat(KvOperation.decode(bytes).encode()).isEqualTo(bytes);
        decoded++;
      } catch (KvFormatException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
    assertThat(decoded).isPositive();
  }

  @Test
  void aLengthIsCheckedBeforeAnythingIsAllocated() {
    assertThatThrownBy(() -> KvOperation.decode(new byte[] {2, 0x7f, -1, -1, -1}))
        .hasMessage("key longer than 1024 bytes");
    assertThatThrownBy(() -> KvOperation.decode(new byte[] {2, -1, -1, -1, -1}))
        .hasMessage("key longer than 1024 bytes");
    assertThatThrownBy(() -> KvResult.decode(new byte[] {5, 0, 0x7f, -1, -1, -1}))
        .hasMessage("entries that are not there");
  }

  @Test
  void whatIsTooLargeIsRefusedWhereItIsMade() {
    assertThatThrownBy(() -> new KvOperation.Get(new byte[1025]).encode())
        .hasMessage("key of 1025 bytes; the limit is 1024");
  }
}
