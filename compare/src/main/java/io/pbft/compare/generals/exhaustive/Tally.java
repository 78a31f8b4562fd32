package io.pbft.compare.generals.exhaustive;

import java.math.BigInteger;

/**
 * Behaviours tried, and how many violate the two conditions.
 *
 * @param behaviours how many
 * @param ic1 of these, those after which two loyal lieutenants decide differently
 * @param ic2 of these, those after which a loyal lieutenant disobeys a loyal commander
 */
public record Tally(BigInteger behaviours, BigInteger ic1, BigInteger ic2) {
  public static final Tally NONE = new Tally(BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);

  public static Tally of(long behaviours, long ic1, long ic2) {
    return new Tally(
        BigInteger.valueOf(behaviours), BigInteger.valueOf(ic1), BigInteger.valueOf(ic2));
  }

  public Tally plus(Tally other) {
    return new Tally(behaviours.add(other.behaviours), ic1.add(other.ic1), ic2.add(other.ic2));
  }

  public Tally times(BigInteger factor) {
    return new Tally(behaviours.multiply(factor), ic1.multiply(factor), ic2.multiply(factor));
  }

  public Tally times(long factor) {
    return times(BigInteger.valueOf(factor));
  }

  /** Whether nothing is violated. */
  public boolean holds() {
    return ic1.signum() == 0 && ic2.signum() == 0;
  }
}
