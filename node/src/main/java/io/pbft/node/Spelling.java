package io.pbft.node;

import java.util.List;

/** Guesses what somebody meant to type. */
final class Spelling {
  private static final int LONGEST = 40;

  private Spelling() {}

  /** The mend for an unknown name: the known one it resembles, or all of them. */
  static String mend(String typed, List<String> known) {
    String nearest = null;
    int least = Math.max(2, typed.length() / 3) + 1;
    for (String candidate : known) {
      int distance = typed.length() > LONGEST ? least : distance(typed, candidate);
      if (distance < least) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest == null
        ? "known here: " + String.join(", ", known)
        : "did you mean '" + nearest + "'?";
  }

  /** Levenshtein's distance, without regard to case. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        int replaced = diagonal + (same ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
