package io.pbft.lab.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.sim.Choices;
import org.junit.jupiter.api.Test;

/**
 * Random faults and up to f random traitors; then the faults end, the traitors stay, and everything
 * must complete. {@code -Dswarm.from=N -Dswarm.runs=N} choose other seeds than the few of a build.
 */
class SwarmTest {
  private static final long FROM = Long.getLong("swarm.from", 1);
  private static final int RUNS = Integer.getInteger("swarm.runs", 40);

  @Test
  void survivesWhatItMustSurvive() {
    for (long seed = FROM; seed < FROM + RUNS; seed++) {
      SwarmRun.Outcome outcome;
      try {
        outcome = SwarmRun.run(Choices.seeded(seed), SwarmRun.Settings.ALL);
      } catch (RuntimeException e) {
        throw new AssertionError("swarm seed " + seed, e);
      }
      assertThat(outcome.verdict().isGood())
          .as("swarm seed %d: %s%n%s", seed, outcome.story(), outcome.verdict())
          .isTrue();
      assertThat(outcome.completed()).as("swarm seed %d", seed).isEqualTo(100);
    }
  }
}
