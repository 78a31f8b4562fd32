package io.pbft.node;

import java.util.List;

/** A YAML document as data, with the line (from 1) on which each part begins. */
sealed interface YamlNode {
  int line();

  /** {@code text} is null for a value that is not there ({@code key:} and nothing after it). */
  record Scalar(String text, int line) implements YamlNode {}

  record Sequence(List<YamlNode> items, int line) implements YamlNode {}

  record Mapping(List<Entry> entries, int line) implements YamlNode {}

  /** One {@code key: value}; {@code line} is the key's. */
  record Entry(String key, YamlNode value, int line) {}

  /** What it is, in words, for messages. */
  default String kind() {
    if (this instanceof Mapping) {
      return "a group of fields";
    }
    return this instanceof Sequence ? "a list" : "a plain value";
  }
}
