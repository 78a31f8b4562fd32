/**
 * The seam: a deterministic replica core behind {@code List<Effect> step(Event)}.
 *
 * <p>{@link io.pbft.core.ReplicaCore} lists the duties of whoever drives it. The core has no
 * thread, clock, randomness, IO or logger; time enters with events, and everything it wants done
 * leaves as effects, in order.
 */
package io.pbft.core;
