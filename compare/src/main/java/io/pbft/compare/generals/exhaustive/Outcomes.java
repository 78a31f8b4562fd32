package io.pbft.compare.generals.exhaustive;

import io.pbft.compare.generals.Order;
import java.math.BigInteger;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which decisions can come out, and of how many behaviours each. Bit i of a key is set when the
 * i-th loyal lieutenant attacks.
 */
final class Outcomes {
  private final TreeMap<Integer, BigInteger> byDecisions = new TreeMap<>();

  void add(int decisions, BigInteger behaviours) {
    byDecisions.merge(decisions, behaviours, BigInteger::add);
  }

  Map<Integer, BigInteger> byDecisions() {
    return byDecisions;
  }

  /**
   * Counts the violations.
   *
   * @param loyal how many loyal lieutenants there are
   * @param order the loyal commander's order, or null for a traitor
   */
  Tally tally(int loyal, Order order) {
    int all = (1 << loyal) - 1;
    Tally tally = Tally.NONE;
    for (Map.Entry<Integer, BigInteger> entry : byDecisions.entrySet()) {
      int decisions = entry.getKey();
      boolean agreed = decisions == 0 || decisions == all;
      boolean obeyed = order == null || decisions == (order == Order.ATTACK ? all : 0);
      BigInteger count = entry.getValue();
      tally =
          tally.plus(
              new Tally(count, agreed ? BigInteger.ZERO : count, obeyed ? BigInteger.ZERO : count));
    }
    return tally;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Outcomes that && byDecisions.equals(that.byDecisions);
  }

  @Override
  public int hashCode() {
    return byDecisions.hashCode();
  }

  @Override
  public String toString() {
    return byDecisions.toString();
  }
}
