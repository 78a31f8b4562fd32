package io.pbft.lab.scenario;

/**
 * When something happens, something is done.
 *
 * @param once only the first time
 */
public record Rule(boolean once, Phrase trigger, Phrase action) {}
