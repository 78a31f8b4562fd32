/**
 * Ports: what a replica needs from the outside, implemented by the modules storage, net and by
 * users.
 */
package io.pbft.core.spi;
