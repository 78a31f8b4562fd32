/** Catching up: the status exchange, committed batches, and state transfer by certified chunks. */
package io.pbft.core.transfer;
