/**
 * Data structures for state machines with a big state: their snapshots take no time, and a
 * checkpoint costs what has changed.
 */
package io.pbft.core.state;
