package io.pbft.compare.sim;

/**
 * What failure-free runs of a protocol have cost, and what it took to get ready for them.
 *
 * @param n replicas
 * @param requests how many were measured, one at a time
 * @param counters messages of these requests
 * @param preparation messages before the first request: the choice of a leader
 * @param clientDelays message delays from the request to the client's answer
 * @param allDelays message delays from the request until the last replica has executed it
 */
public record Measured(
    int n,
    int requests,
    Counters counters,
    Counters preparation,
    long clientDelays,
    long allDelays) {}
