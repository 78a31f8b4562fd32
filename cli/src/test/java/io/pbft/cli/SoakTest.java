package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One round of what `pbft soak --for 10m` does for longer. */
class SoakTest {
  /** With this seed all four processes are killed at once. */
  private static final String SEED = "154926824";

  @Test
  @Timeout(value = 240, unit = TimeUnit.SECONDS)
  void whatWasAcknowledgedIsAtEveryReplicaAfterAllWereKilled() {
    Captured round = Captured.run("soak", "--seed", SEED, "--for", "1ms");
    assertThat(round.exitCode()).as(round.err()).isZero();
    assertThat(round.outLines().get(0)).isEqualTo("seed " + SEED);
    assertThat(round.outLines().get(1)).startsWith("round 1: killed [0, 1, 2, 3], down for ");
    assertThat(round.out()).containsPattern("\nacknowledged +[1-9]");
  }

  @Test
  void withoutADiskThereIsNothingToSurvive() {
    Captured refused = Captured.run("soak", "--durability", "memory");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).hasSize(1);
  }
}
