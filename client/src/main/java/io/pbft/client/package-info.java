/**
 * A client of the replicated service: {@link io.pbft.client.PbftClient} gives a {@code
 * CompletableFuture} for each operation, over the pure protocol in {@link io.pbft.client.core}.
 */
package io.pbft.client;
