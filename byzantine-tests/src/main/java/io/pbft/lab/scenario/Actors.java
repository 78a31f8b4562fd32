package io.pbft.lab.scenario;

import java.util.List;

/**
 * Replicas and clients, by name ({@code r0}, {@code c1}) or by the part that they play at that
 * moment. Traitors and network resolve them when they act.
 */
public record Actors(List<String> words) {
  /** The parts, and whom they mean. */
  static final List<String> PARTS =
      List.of(
          "primary", // of the view
          "next-primary", // of the next view
          "backups", // all but the primary
          "others", // all replicas but the one that acts
          "everyone", // all replicas
          "victim", // the honest replica with the highest number
          "bystanders", // the other honest replicas
          "honest", // replicas that are no traitors
          "traitors",
          "even",
          "odd",
          "half", // of the others, the lower half
          "rest", // of the others, the upper half
          "first-f", // replicas 0 to f-1
          "first-f+1",
          "honest-half", // of the honest, the lower half
          "honest-rest", // of the honest, the upper half
          "next-f", // replicas 1 to f
          "last-f", // the f highest
          "sender", // of the message that is looked at
          "clients");

  public Actors {
    words = List.copyOf(words);
    for (String word : words) {
      if (!isActor(word)) {
        throw new IllegalArgumentException("'" + word + "' is no actor");
      }
    }
  }

  public static Actors of(String... words) {
    return new Actors(List.of(words));
  }

  static boolean isActor(String word) {
    return PARTS.contains(word) || word.matches("[rc]\\d{1,4}");
  }

  static Actors parse(Cursor in) {
    java.util.ArrayList<String> words = new java.util.ArrayList<>();
    while (in.peek().sort() == Token.Sort.WORD && isActor(in.peek().text())) {
      words.add(in.next().text());
    }
    if (words.isEmpty()) {
      throw in.expected("replicas: r0, r1 ..., or " + String.join(", ", PARTS));
    }
    return new Actors(words);
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}
