/**
 * Drives a {@link io.pbft.core.ReplicaCore} in production: one owner at a time, a bounded inbox,
 * and effects carried out in order over the ports of {@link io.pbft.core.spi}. Knows neither Netty
 * nor the disk.
 */
package io.pbft.core.driver;
