package io.pbft.lab.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of one command, taken one by one. Quoted text and bracketed lists are one word each;
 * {@code key=value} words may stand anywhere. What is left over at the end is an error.
 */
final class Arguments {
  private final List<String> words;

  private Arguments(List<String> words) {
    this.words = words;
  }

  static Arguments of(String line) {
    return new Arguments(split(line, " "));
  }

  /** Cuts at any of the separators that is outside of quotes and brackets. */
  static List<String> split(String line, String separators) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    int depth = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      quoted ^= c == '"';
      depth += quoted ? 0 : c == '[' ? 1 : c == ']' ? -1 : 0;
      if (!quoted && depth == 0 && separators.indexOf(c) >= 0) {
        addTo(parts, part);
      } else {
        part.append(c);
      }
    }
    if (quoted || depth != 0) {
      throw new TraceException("a quote or bracket is not closed");
    }
    addTo(parts, part);
    return parts;
  }

  private static void addTo(List<String> parts, StringBuilder part) {
    String text = part.toString().strip();
    if (!text.isEmpty()) {
      parts.add(text);
    }
    part.setLength(0);
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** Takes the next word. */
  String next(String what) {
    if (words.isEmpty()) {
      throw new TraceException(what + " is missing");
    }
    return words.remove(0);
  }

  /** The next word, left in place; null at the end. */
  String peek() {
    return words.isEmpty() ? null : words.get(0);
  }

  /** Takes the word out wherever it stands; false when it does not occur. */
  boolean take(String word) {
    return words.remove(word);
  }

  /** Takes the value of {@code key=value}, or the default. */
  String option(String key, String otherwise) {
    for (String word : words) {
      if (word.startsWith(key + "=")) {
        words.remove(word);
        return word.substring(key.length() + 1);
      }
    }
    return otherwise;
  }

  long number(String key, long otherwise) {
    String value = option(key, null);
    return value == null ? otherwise : number(value);
  }

  static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new TraceException("'" + text + "' is no number");
    }
  }

  /** Takes the text of the next quoted word. */
  String quoted() {
    String word = next("a quoted operation");
    if (!word.startsWith("\"") || !word.endsWith("\"") || word.length() < 2) {
      throw new TraceException(word + " should be quoted");
    }
    return word.substring(1, word.length() - 1);
  }

  /** Takes the parts of the next bracketed word. */
  static List<String> list(String word, String separators) {
    if (!word.startsWith("[") || !word.endsWith("]")) {
      throw new TraceException(word + " should be a list in brackets");
    }
    return split(word.substring(1, word.length() - 1), separators);
  }

  /** Takes {@code keyword r1 r2 …} or {@code keyword all}; null when the keyword is absent. */
  List<Integer> replicas(String keyword, int n) {
    int at = words.indexOf(keyword);
    if (at < 0) {
      return null;
    }
    words.remove(at);
    return replicasAt(at, n);
  }

  /** Takes the replicas that come next. */
  List<Integer> replicas(int n) {
    return replicasAt(0, n);
  }

  private List<Integer> replicasAt(int at, int n) {
    List<Integer> ids = new ArrayList<>();
    while (at < words.size() && (isReplica(words.get(at)) || words.get(at).equals("all"))) {
      String word = words.remove(at);
      for (int i = 0; i < n; i++) {
        if (word.equals("all") || word.equals("r" + i)) {
          ids.add(i);
        }
      }
    }
    if (ids.isEmpty()) {
      throw new TraceException("replicas (r0 to r" + (n - 1) + ", or all) are missing");
    }
    return ids;
  }

  static boolean isReplica(String word) {
    return word.matches("r\\d+");
  }

  static int replica(String word) {
    if (!isReplica(word)) {
      throw new TraceException("'" + word + "' is no replica");
    }
    return Integer.parseInt(word.substring(1));
  }

  /** Everything must have been taken. */
  void finish() {
    if (!words.isEmpty()) {
      throw new TraceException("not understood: " + String.join(" ", words));
    }
  }
}
