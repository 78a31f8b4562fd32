/** JMH benchmarks of the pieces that every operation passes through: {@code bench/run jmh}. */
package io.pbft.bench.jmh;
