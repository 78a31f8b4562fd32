package io.pbft.compare.generals;

import java.util.Collections;
import java.util.TreeSet;

/**
 * Who fights.
 *
 * @param generals how many, the commander included: from 2 to {@link #MOST_GENERALS}
 * @param m how often an order is relayed; there are m + 1 rounds. From 0 to {@code generals - 2}:
 *     after that nobody is left to relay to
 * @param order what the commander orders (if he is loyal)
 * @param traitors their numbers
 */
public record Campaign(int generals, int m, Order order, TreeSet<Integer> traitors) {
  public static final int MOST_GENERALS = 16;

  /**
   * @throws IllegalArgumentException if a number is out of its bounds; the message says which
   */
  public Campaign {
    require(
        generals >= 2 && generals <= MOST_GENERALS,
        "there can be from 2 to " + MOST_GENERALS + " generals, not " + generals);
    require(
        m >= 0 && m <= Math.max(0, generals - 2),
        "the rounds of relaying can be from 0 to "
            + Math.max(0, generals - 2)
            + " (generals - 2), not "
            + m);
    traitors = new TreeSet<>(traitors);
    for (int traitor : traitors) {
      require(
          traitor >= 0 && traitor < generals,
          "general " + traitor + " cannot be a traitor: they are 0 to " + (generals - 1));
    }
  }

  public static Campaign of(int generals, int m, Order order, Integer... traitors) {
    TreeSet<Integer> set = new TreeSet<>();
    Collections.addAll(set, traitors);
    return new Campaign(generals, m, order, set);
  }

  public boolean isTraitor(int general) {
    return traitors.contains(general);
  }

  public boolean commanderIsLoyal() {
    return !isTraitor(0);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
