package io.pbft.compare.generals.exhaustive;

/**
 * Three generals, one of them a traitor, one round of relaying, oral messages: every rule by which
 * the two lieutenants could decide. Each decides by what the commander told it and what the other
 * lieutenant says to have been told: four inputs, sixteen rules for each.
 */
public final class AnyRule {
  private static final int RULES = 16;

  private AnyRule() {}

  /** As many behaviours as pairs of rules; a pair violates what some traitor makes it violate. */
  public static Tally tally() {
    int ic1 = 0;
    int ic2 = 0;
    int either = 0;
    for (int first = 0; first < RULES; first++) {
      for (int second = 0; second < RULES; second++) {
        boolean splits = splits(first, second);
        boolean disobeys = disobeys(first) || disobeys(second);
        ic1 += splits ? 1 : 0;
        ic2 += disobeys ? 1 : 0;
        either += splits || disobeys ? 1 : 0;
      }
    }
    if (either != RULES * RULES) {
      throw new AssertionError("a pair of rules survives a traitor among three generals");
    }
    return Tally.of(RULES * RULES, ic1, ic2);
  }

  private static boolean decides(int rule, int told, int relayed) {
    return (rule >> (2 * told + relayed) & 1) == 1;
  }

  /** A loyal commander orders; the other lieutenant, a traitor, says the one thing or the other. */
  private static boolean disobeys(int rule) {
    for (int order = 0; order < 2; order++) {
      for (int relayed = 0; relayed < 2; relayed++) {
        if (decides(rule, order, relayed) != (order == 1)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A traitorous commander tells the two what he likes; they relay it truly. */
  private static boolean splits(int first, int second) {
    for (int a = 0; a < 2; a++) {
      for (int b = 0; b < 2; b++) {
        if (decides(first, a, b) != decides(second, b, a)) {
          return true;
        }
      }
    }
    return false;
  }
}
