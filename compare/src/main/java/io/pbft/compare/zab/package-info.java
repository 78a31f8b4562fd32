/**
 * ZAB, the atomic broadcast of ZooKeeper (Junqueira, Reed, Serafini, "Zab: High-performance
 * broadcast for primary-backup systems", DSN 2011), with its four phases: election, discovery,
 * synchronisation, broadcast.
 *
 * <p>The paper's channels are FIFO and lose nothing while both ends live. Here they do neither:
 * proposals are taken in their order only, and what is missing is asked for again.
 */
package io.pbft.compare.zab;
