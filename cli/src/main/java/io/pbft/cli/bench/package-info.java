/** Closed-loop load on a running cluster, and the service that costs nothing. */
package io.pbft.cli.bench;
