/**
 * A replicated key-value store: the state machine that runs at the replicas, the codec of its
 * operations and results, and a typed client.
 */
package io.pbft.examples.kv;
