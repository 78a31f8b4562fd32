/** Clusters whose replicas are processes of their own, the load put on them, and what both cost. */
package io.pbft.bench.process;
