package io.pbft.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The fields of one group of a configuration file. Unknown and duplicate names are refused when it
 * is made; every error names file, line, field and mend.
 */
final class Fields {
  private static final int SHOWN = 40;

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, YamlNode.Entry> entries = new HashMap<>();

  /**
   * @param path the group's own name, empty for the file's top level
   */
  Fields(String file, String path, YamlNode.Mapping group, List<String> known)
      throws ConfigException {
    this.file = file;
    this.path = path;
    this.line = group.line();
    for (YamlNode.Entry entry : group.entries()) {
      String key = entry.key();
      if (!known.contains(key)) {
        throw error(
            entry.line(), name(safe(key)), "is not a known field", Spelling.mend(key, known));
      }
      YamlNode.Entry first = entries.putIfAbsent(key, entry);
      if (first != null) {
        throw error(
            entry.line(), name(key), "was given on line " + first.line(), "keep one of the two");
      }
    }
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The line of a field, or of the group where it is missing. */
  int lineOf(String key) {
    YamlNode.Entry entry = entries.get(key);
    return entry == null ? line : entry.line();
  }

  ConfigException error(String key, String what, String mend) {
    return error(lineOf(key), name(key), what, mend);
  }

  private ConfigException error(int at, String field, String what, String mend) {
    return new ConfigException(file + ":" + at + ": " + field + " " + what + "; " + mend);
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A value as typed, for messages: in quotes, cut, without control characters. */
  static String shown(String value) {
    String clean = value.replaceAll("\\p{Cntrl}", "?");
    return "'" + (clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "...") + "'";
  }

  /** A field's name as typed: in quotes only when it would be hard to read without. */
  private static String safe(String key) {
    return key.length() <= SHOWN && key.matches("[A-Za-z0-9_-]+") ? key : shown(key);
  }

  private YamlNode required(String key, String form) throws ConfigException {
    YamlNode.Entry entry = entries.get(key);
    if (entry == null) {
      throw error(key, "is missing", "add `" + key + ": ...`, " + form);
    }
    return entry.value();
  }

  String text(String key, String form) throws ConfigException {
    YamlNode value = required(key, form);
    if (!(value instanceof YamlNode.Scalar scalar)) {
      throw error(key, "is " + value.kind(), "give " + form);
    }
    if (scalar.text() == null || scalar.text().isBlank()) {
      throw error(key, "has no value", "give " + form);
    }
    return scalar.text();
  }

  long number(String key, long min, long max) throws ConfigException {
    String form = "a whole number from " + min + " to " + max;
    String text = text(key, form);
    if (text.matches("\\d{1,18}")) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw error(key, "is " + shown(text), "give " + form);
  }

  int integer(String key, int min, int max) throws ConfigException {
    return (int) number(key, min, max);
  }

  int integer(String key, int min, int max, int otherwise) throws ConfigException {
    return has(key) ? integer(key, min, max) : otherwise;
  }

  /** An amount in milliseconds or bytes, from 1 to {@code max}. */
  long quantity(String key, Quantity quantity, long max, long otherwise) throws ConfigException {
    if (!has(key)) {
      return otherwise;
    }
    String form = quantity.form() + ", from " + quantity.format(1) + " to " + quantity.format(max);
    String text = text(key, form);
    OptionalLong amount = quantity.parse(text);
    if (amount.isEmpty() || amount.getAsLong() < 1 || amount.getAsLong() > max) {
      throw error(key, "is " + shown(text), "give " + form);
    }
    return amount.getAsLong();
  }

  /** One of the given words. */
  String choice(String key, List<String> words) throws ConfigException {
    String form = "one of " + String.join(", ", words);
    String text = text(key, form);
    if (!words.contains(text)) {
      throw error(key, "is " + shown(text), "give " + form);
    }
    return text;
  }

  /** A group inside this one; empty where it is missing. */
  Fields group(String key, List<String> known) throws ConfigException {
    if (!has(key)) {
      return new Fields(file, name(key), new YamlNode.Mapping(List.of(), line), known);
    }
    YamlNode value = entries.get(key).value();
    if (!(value instanceof YamlNode.Mapping mapping)) {
      throw error(key, "is " + value.kind(), "give its fields, indented, a line each");
    }
    return new Fields(file, name(key), mapping, known);
  }

  /** A list of groups. */
  List<Fields> groups(String key, List<String> known) throws ConfigException {
    String form = "a list, each item beginning with `- `";
    YamlNode value = required(key, form);
    if (!(value instanceof YamlNode.Sequence sequence)) {
      throw error(key, "is " + value.kind(), "give " + form);
    }
    List<Fields> groups = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      String itemPath = name(key) + "[" + groups.size() + "]";
      if (!(item instanceof YamlNode.Mapping mapping)) {
        throw error(item.line(), itemPath, "is " + item.kind(), "give the fields " + join(known));
      }
      groups.add(new Fields(file, itemPath, mapping, known));
    }
    return groups;
  }

  private static String join(List<String> known) {
    return String.join(", ", known);
  }
}
