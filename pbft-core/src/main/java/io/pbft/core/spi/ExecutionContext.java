package io.pbft.core.spi;

/**
 * What an operation may depend on beyond the state.
 *
 * @param sequence the sequence number of its batch
 * @param timeMillis the agreed time, milliseconds since the epoch; never decreases
 * @param client who asks
 */
public record ExecutionContext(long sequence, long timeMillis, int client) {}
