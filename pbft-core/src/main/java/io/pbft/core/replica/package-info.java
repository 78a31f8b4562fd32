/** The replica: the protocol's parts put together behind the seam. */
package io.pbft.core.replica;
