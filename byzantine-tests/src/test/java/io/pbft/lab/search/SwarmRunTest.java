package io.pbft.lab.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.oracle.Verdict.Outcome;
import io.pbft.lab.sim.Choices;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SwarmRunTest {
  private static SwarmRun.Outcome run(long seed) {
    return SwarmRun.run(Choices.seeded(seed), SwarmRun.Settings.ALL);
  }

  @Test
  void aRunIsRepeatedByItsChoices() {
    SwarmRun.Outcome first = run(3);
    SwarmRun.Outcome again = SwarmRun.run(Choices.replay(first.choices()), SwarmRun.Settings.ALL);
    assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
    assertThat(again.story()).isEqualTo(first.story());
  }

  @Test
  void theEmptyListIsARunWithoutFaults() {
    SwarmRun.Outcome outcome = SwarmRun.run(Choices.replay(new int[0]), SwarmRun.Settings.ALL);
    assertThat(outcome.story()).isEqualTo("n=4 traitors=[] phases=0 no faults");
    assertThat(outcome.completed()).isEqualTo(100);
    assertThat(outcome.verdict().isGood()).isTrue();
    assertThat(outcome.verdict().live().outcome()).isEqualTo(Outcome.HOLDS);
  }

  @Test
  void theCommandLinePrintsItsRate() throws Exception {
    assertThat(swarm("--seeds", "1..4", "--four", "--threads", "1"))
        .contains("4 runs, 0 went wrong", "runs a minute", "400 operations");
  }

  @Test
  void aWrongOptionIsOneLine() throws Exception {
    assertThat(swarm("--sheep")).startsWith("no option --sheep; usage: ").hasLineCount(1);
    assertThat(swarm("--seeds", "many")).startsWith("--seeds needs a number or a range; usage: ");
    assertThat(swarm("--for")).startsWith("--for needs a number; usage: ");
  }

  private static String swarm(String... args) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SwarmMain.run(new PrintStream(bytes, true, StandardCharsets.UTF_8), args);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
