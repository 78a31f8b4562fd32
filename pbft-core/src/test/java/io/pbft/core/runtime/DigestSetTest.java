package io.pbft.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.crypto.Digest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A set of digests tells which came before")
class DigestSetTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 255, 256, 257, 1000})
  void eachIsNewOnce(int count) {
    List<Digest> digests =
        IntStream.range(0, count)
            .mapToObj(i -> Digest.of(new byte[] {(byte) i, (byte) (i >> 8)}))
            .toList();
    DigestSet set = new DigestSet(count);
    assertThat(digests).allMatch(set::add);
    assertThat(digests).noneMatch(set::add);
  }

  @Test
  void digestsThatFallIntoOneSlotAreToldApart() {
    List<Digest> colliding =
        IntStream.range(0, 50)
            .mapToObj(i -> Digest.fromHex(String.format("%064x", (long) i << 32 | i)))
            .toList();
    assertThat(colliding.stream().map(Digest::hashCode).distinct()).hasSize(1);
    DigestSet set = new DigestSet(50);
    assertThat(colliding).allMatch(set::add);
    assertThat(colliding).noneMatch(set::add);
  }
}
