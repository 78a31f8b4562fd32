package io.pbft.cli;

/** What {@code --durability} accepts, the same for one replica and for a cluster. */
final class DurabilityOption {
  static final String DESCRIPTION =
      "When a vote counts as remembered: sync, once it is on disk (survives the loss of power, also"
          + " of all replicas at once); async, once the operating system has it (survives the death"
          + " of processes); memory, never (a replica that restarts fetches the state from the"
          + " others). Default: ${DEFAULT-VALUE}.";

  private DurabilityOption() {}
}
