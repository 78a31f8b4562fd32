package io.pbft.lab.trace;

import io.pbft.core.message.Batch;
import io.pbft.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Short names for digests, in order of first appearance: batches A, B, C …, states S0 (the initial
 * one), S1 …; view-changes by author, a second one of an author for a view with a prime.
 */
final class Names {
  /** A digest that is nothing's, for liars. */
  static final Digest LIE = Digest.of("lie".getBytes(StandardCharsets.UTF_8));

  private final Map<Digest, String> batches = new TreeMap<>();
  private final Map<String, Batch> bodies = new TreeMap<>();
  private final Map<Digest, String> states = new TreeMap<>();
  private final Map<String, List<Digest>> viewChanges = new TreeMap<>();

  Names() {
    batches.put(Batch.NULL.digest(), "null");
    bodies.put("null", Batch.NULL);
    batches.put(LIE, "lie");
    states.put(Digest.ZERO, "S0");
    states.put(LIE, "lie");
  }

  String batch(Digest digest) {
    return batches.computeIfAbsent(digest, d -> letters(batches.size() - 2));
  }

  String batch(Batch batch) {
    String name = batch(batch.digest());
    bodies.put(name, batch);
    return name;
  }

  private static String letters(int index) {
    String last = String.valueOf((char) ('A' + index % 26));
    return index < 26 ? last : letters(index / 26 - 1) + last;
  }

  String state(Digest digest) {
    return states.computeIfAbsent(digest, d -> "S" + (states.size() - 1));
  }

  /** {@code r1?} names a view-change that r1 never made. */
  String viewChange(int author, long view, Digest digest) {
    if (digest.equals(LIE)) {
      return "r" + author + "?";
    }
    List<Digest> known =
        viewChanges.computeIfAbsent("r" + author + "@" + view, k -> new ArrayList<>());
    if (!known.contains(digest)) {
      known.add(digest);
    }
    return "r" + author + "'".repeat(known.indexOf(digest));
  }

  Digest batchNamed(String name) {
    return find(batches, name);
  }

  Digest stateNamed(String name) {
    return find(states, name);
  }

  Batch bodyNamed(String name) {
    Batch batch = bodies.get(name);
    if (batch == null) {
      throw new TraceException("no batch " + name + " has been seen");
    }
    return batch;
  }

  Digest viewChangeNamed(String name, long view) {
    if (name.endsWith("?")) {
      return LIE;
    }
    String plain = name.replace("'", "");
    List<Digest> known = viewChanges.getOrDefault(plain + "@" + view, List.of());
    int index = name.length() - plain.length();
    if (index >= known.size()) {
      throw new TraceException("no view-change " + name + " for view " + view + " has been seen");
    }
    return known.get(index);
  }

  private static Digest find(Map<Digest, String> names, String name) {
    return names.entrySet().stream()
        .filter(e -> e.getValue().equals(name))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new TraceException("no digest " + name + " has been seen"));
  }
}
