/** Benchmarks with commands of their own; see README.md beside this module's POM. */
package io.pbft.bench;
