/**
 * A deterministic world for the production cores: replicas and clients under one event queue in
 * virtual time, connected by a network that a seed (or a script) disturbs. Everything that crosses
 * it is sealed, encoded, decoded and verified as in production. Same seed, same trace.
 */
package io.pbft.lab.sim;
