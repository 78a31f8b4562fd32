/**
 * The client's side of the protocol as a pure state machine: {@code List<ClientEffect>
 * step(ClientEvent)}.
 *
 * <p>{@link io.pbft.client.core.ClientCore} lists the duties of whoever drives it. As in the
 * replica's core there is no thread, clock, randomness, IO or logger here, and no collection whose
 * order differs between JVMs, so that the lab's simulator runs the client that ships. The build
 * holds this (forbidden-apis and {@code PurityTest}).
 */
package io.pbft.client.core;
