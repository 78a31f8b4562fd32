package io.pbft.lab.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A run of the swarm is written so that it can be read again. */
class SwarmFileTest {
  @Test
  void whatIsWrittenIsRead() {
    int[] choices = IntStream.range(0, 100).toArray();
    SwarmFile file = new SwarmFile(SwarmRun.Settings.FOUR, "quorum q", choices, "why\nso");
    assertThat(SwarmFile.parse(file.print())).isEqualTo(file);
    assertThat(SwarmFile.isOne(file.print())).isTrue();
    SwarmFile other = new SwarmFile(SwarmRun.Settings.ALL, "", new int[0], "");
    assertThat(SwarmFile.parse(other.print())).isEqualTo(other);
    assertThat(SwarmFile.isOne("# only words\nscenario \"x\"")).isFalse();
    assertThat(SwarmFile.isOne("")).isFalse();
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> SwarmFile.parse("swarm n=4\nchoices 1 x"))
        .hasMessage("'choices 1 x': 'x' is no number");
    assertThatThrownBy(() -> SwarmFile.parse("swarm n=4\nchance 1"))
        .hasMessage("'chance 1': expected choices and numbers");
    assertThatThrownBy(() -> SwarmFile.parse("swarm n=four")).hasMessageContaining("'four'");
  }

  @Test
  void oneLineRunsTheSameAgain() {
    SwarmRun.Outcome first =
        SwarmRun.run(io.pbft.lab.sim.Choices.seeded(3), SwarmRun.Settings.FOUR);
    SwarmFile file = new SwarmFile(SwarmRun.Settings.FOUR, "", first.choices(), "");
    SwarmRun.Outcome again =
        SwarmRun.run(SwarmFile.parse(file.print()).replay(), SwarmRun.Settings.FOUR);
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
  }
}
