/** Closed-loop load on a running cluster. */
package io.pbft.cli.bench;
