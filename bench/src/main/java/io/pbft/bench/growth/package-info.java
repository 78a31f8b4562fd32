/** How cost grows with replicas, payload, clients and state: measured, tabled and drawn. */
package io.pbft.bench.growth;
