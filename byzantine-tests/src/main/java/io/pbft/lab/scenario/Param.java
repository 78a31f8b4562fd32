package io.pbft.lab.scenario;

/** A parameter of a phrase. */
record Param(String name, Style style, Kind kind, boolean required) {
  /** How it is written. */
  enum Style {
    /** The value alone, at its place. */
    POSITIONAL,
    /** {@code name=value}. */
    NAMED,
    /** {@code name >= value}, or {@code name=value}. */
    BOUND,
    /** {@code name value}. */
    WORD,
    /** {@code name}. */
    FLAG
  }
}
