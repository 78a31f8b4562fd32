/**
 * Scenarios as values: a cluster, its network and clients, its traitors' rules, a timeline, and
 * what is expected. One model with two spellings, the text of {@code .traitor} files ({@link
 * io.pbft.lab.scenario.ScenarioText}) and the Java DSL of {@code io.pbft.lab.dsl}; both are made of
 * the phrases that {@link io.pbft.lab.scenario.Vocabulary} lists.
 */
package io.pbft.lab.scenario;
