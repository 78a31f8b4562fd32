/**
 * Plays scenarios: honest cores whose messages a script rewrites, scripted clients, a network with
 * a timeline, and the judgement of what was expected. Deterministic: one scenario and one seed, one
 * run.
 */
package io.pbft.lab.play;
