/**
 * What a simulation promises, checked: the invariants of the protocol at every step,
 * linearizability of what clients saw, liveness where it is owed, and who is to blame where
 * signatures prove it. {@link io.pbft.lab.oracle.Judge} gathers all of it into a {@link
 * io.pbft.lab.oracle.Verdict}.
 */
package io.pbft.lab.oracle;
