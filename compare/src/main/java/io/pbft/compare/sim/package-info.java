/**
 * A small deterministic world for protocols that tolerate crashes: pure nodes under one event queue
 * in virtual time, a network that a seed disturbs, what survives a crash, and the invariants of
 * agreement, checked at every delivery. Same seed, same run.
 */
package io.pbft.compare.sim;
