package io.pbft.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.core.ProtocolConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CoresTest {
  private static final long MIB = 1024 * 1024;

  private final ProtocolConfig config = ProtocolConfig.of(4);

  @Test
  @DisplayName(
      "A small heap keeps less for replicas that are behind, a large one what is configured")
  void historyFitsTheHeap() {
    assertThat(Cores.fitted(config, 96 * MIB).historyBytes()).isEqualTo(12 * MIB);
    assertThat(Cores.fitted(config, 2048 * MIB)).isEqualTo(config);
  }

  @Test
  @DisplayName("What n replicas' clients have waiting at a primary takes half of a small heap")
  void thePoolFitsTheHeap() {
    assertThat(Cores.fitted(config, 512 * MIB).poolBytes()).isEqualTo(config.poolBytes());
    assertThat(Cores.fitted(config, 256 * MIB).poolBytes()).isEqualTo(32 * MIB);
    assertThat(Cores.fitted(ProtocolConfig.of(13), 512 * MIB).poolBytes() * 13)
        .isLessThanOrEqualTo(256 * MIB);
  }

  @Test
  @DisplayName("The log fits the heap, too, but two pipelines of the largest batches always fit it")
  void logFitsTheHeap() {
    assertThat(Cores.fitted(config, 512 * MIB).logBytes()).isEqualTo(96 * MIB);
    assertThat(Cores.fitted(config, 256 * MIB).logBytes()).isEqualTo(48 * MIB);
    assertThat(Cores.fitted(config, 64 * MIB).logBytes()).isEqualTo(34 * MIB);
  }
}
