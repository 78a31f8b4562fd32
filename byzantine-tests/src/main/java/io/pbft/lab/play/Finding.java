package io.pbft.lab.play;

import io.pbft.lab.scenario.Phrase;

/**
 * Whether one expectation was met.
 *
 * @param claim as the scenario spells it
 * @param detail what was found, where that was measured or is wrong; else empty
 */
public record Finding(Phrase claim, Outcome.Standing standing, String detail) {
  public boolean isMet() {
    return standing == Outcome.Standing.HOLDS;
  }

  @Override
  public String toString() {
    return standing + " " + claim + (detail.isEmpty() ? "" : ": " + detail);
  }
}
