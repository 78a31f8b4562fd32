/**
 * Text traces: a cluster of production cores in which nothing happens by itself. The author of a
 * trace says which messages arrive, in which order, and when timers fire; the transcript says what
 * the replicas did. The language is described in the README beside the traces.
 */
package io.pbft.lab.trace;
