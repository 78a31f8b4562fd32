/**
 * Paxos (Lamport, "Paxos Made Simple", 2001): {@link io.pbft.compare.paxos.BasicPaxos} chooses one
 * command, {@link io.pbft.compare.paxos.MultiPaxos} a sequence under a leader. Each node is
 * proposer, acceptor and learner; what it tells itself is no message.
 */
package io.pbft.compare.paxos;
