/** A long run at a part of what a cluster can do. */
package io.pbft.bench.soak;
