package io.pbft.compare.sim;

/** Something a node has persisted; its next life finds all of them in their order. */
public interface Fact {}
