/**
 * Fuzz targets for everything that reads bytes of others. In an ordinary build each runs on its
 * seeds (src/test/resources, one directory a target, made by {@link io.pbft.core.fuzz.SeedCorpus})
 * and on what fuzzing has found. To fuzz one target for as long as its {@code maxDuration}:
 *
 * <pre>
 * mvn -pl pbft-core -am test -Djazzer.fuzz=1 -Dtest='CodecFuzzTest#decode' \
 *     -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * <p>What it finds, it writes beside the seeds: commit it, it is a regression test from then on.
 */
package io.pbft.core.fuzz;
