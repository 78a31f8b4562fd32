package io.pbft.cli;

import io.pbft.core.runtime.Defences;
import io.pbft.lab.matrix.Weakness;

/** The option {@code --without DEFENCE}. */
final class LabWithout {
  private LabWithout() {}

  /** All defences but the named one; all of them for an empty name. */
  static Defences defences(String without) throws CliException {
    if (without.isEmpty()) {
      return Defences.ALL;
    }
    Weakness weakness = Weakness.named(without);
    if (weakness == null) {
      throw CliException.wrong(
          "--without: no defence '" + without + "'; 'pbft lab matrix' lists them");
    }
    return weakness.defences();
  }
}
