package io.pbft.compare.paxos;

import java.util.Comparator;

/** A proposal's number; no two nodes use the same. */
record Ballot(int round, int node) implements Comparable<Ballot> {
  /** Below all others. */
  static final Ballot NONE = new Ballot(0, -1);

  /** Above all others: of what is known to be chosen. */
  static final Ballot CHOSEN = new Ballot(Integer.MAX_VALUE, -1);

  private static final Comparator<Ballot> ORDER =
      Comparator.comparingInt(Ballot::round).thenComparingInt(Ballot::node);

  @Override
  public int compareTo(Ballot other) {
    return ORDER.compare(this, other);
  }

  boolean isBelow(Ballot other) {
    return compareTo(other) < 0;
  }

  static Ballot max(Ballot a, Ballot b) {
    return a.isBelow(b) ? b : a;
  }
}
