/**
 * Scenarios in Java: {@link io.pbft.lab.dsl.Lab} builds the same model as {@code .traitor} files
 * do, and {@link io.pbft.lab.dsl.TraitorTest} runs a test for each of many seeds.
 */
package io.pbft.lab.dsl;
