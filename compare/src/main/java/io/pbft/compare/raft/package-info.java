/**
 * Raft, as the public MicroRaft library has it, in virtual time through the library's own hooks.
 */
package io.pbft.compare.raft;
