package io.pbft.lab.search;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.pbft.lab.sim.Choices;

/**
 * Coverage-guided fuzzing of whole runs: the bytes are the list of choices, three for each.
 * Whatever they say, a run with at most f traitors and survivable faults keeps every promise.
 */
class ChoicesFuzzTest {
  private static final SwarmRun.Settings SETTINGS = new SwarmRun.Settings(4, 12, true, true);

  @FuzzTest(maxDuration = "5m")
  void anyListOfChoicesIsSurvived(byte[] data) {
    int[] list = new int[data.length / 3];
    for (int i = 0; i < list.length; i++) {
      list[i] =
          (data[3 * i] & 0xff) << 16 | (data[3 * i + 1] & 0xff) << 8 | (data[3 * i + 2] & 0xff);
    }
    SwarmRun.Outcome outcome = SwarmRun.run(Choices.replay(list), SETTINGS);
    if (!outcome.verdict().isGood()) {
      throw new AssertionError(outcome.story() + ": " + outcome.verdict());
    }
  }
}
