package io.pbft.core;

/**
 * How a core sees itself.
 *
 * @param view the current view, or the one asked for while {@code active} is false
 * @param logSize sequence numbers held in the log
 * @param divergences checkpoints at which the replica's own state was not the quorum's
 * @param waitingFor why it waits and for whom, empty when it does not
 */
public record CoreStatus(
    long view,
    boolean active,
    int primary,
    long lastExecuted,
    long stableCheckpoint,
    int logSize,
    long divergences,
    String waitingFor) {}
