package io.pbft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pbft.core.codec.Limits;
import org.junit.jupiter.api.Test;

class TransportConfigTest {
  @Test
  void defaultsFollowTheClustersLimits() {
    TransportConfig config = TransportConfig.of(Limits.DEFAULT);

    assertThat(config.frameBytes()).isEqualTo(Limits.DEFAULT.frameBytes());
    assertThat(config.clientFrameBytes())
        .isGreaterThan(Limits.DEFAULT.operationBytes())
        .isLessThan(config.frameBytes());
  }

  /** All that an honest session has in flight may be refused, sent once more, and refused again. */
  @Test
  void asManyRefusalsAreBorneAsTwoWindowsHaveRequests() {
    assertThat(TransportConfig.of(Limits.DEFAULT, 1_024).refusals()).isEqualTo(2_048);
    assertThat(TransportConfig.of(Limits.DEFAULT, 10_000).refusals()).isEqualTo(20_000);
    assertThat(TransportConfig.of(Limits.DEFAULT, 1).refusals()).isEqualTo(2_048);
  }

  @Test
  void namesTheFieldThatIsOutOfBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> World.config().frameTimeoutMillis(0).build())
        .withMessage("frameTimeoutMillis must be positive, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> World.config().frameBytes(1 << 30 | 1).build())
        .withMessage("frameBytes must be from 1024 to 1073741824, not 1073741825");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> World.config().backoffMillis(50, 49).build())
        .withMessage("backoffMaxMillis must not be below backoffMinMillis");
  }
}
