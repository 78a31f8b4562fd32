package io.pbft.cli;

import io.pbft.node.Durability;
import java.util.Locale;

/** What {@code --durability} accepts, the same for one replica and for a cluster. */
final class DurabilityOption {
  static final String DESCRIPTION =
      "When a vote counts as remembered. This version has no journal yet: memory is the default"
          + " and the only one. A replica that restarts fetches the state from the others.";

  private DurabilityOption() {}

  static void check(Durability durability) throws CliException {
    if (durability != Durability.MEMORY) {
      throw CliException.wrong(
          "--durability "
              + durability.name().toLowerCase(Locale.ROOT)
              + " needs the journal, which this version does not have yet; use memory");
    }
  }
}
