package io.pbft.lab.scenario;

import java.util.SplittableRandom;

/**
 * A number as a traitor writes it: as it is, relative to the honest value, the largest there is, or
 * any.
 */
public record Amount(Sort sort, long value) {
  /** How the number is meant. */
  public enum Sort {
    EXACT,
    RELATIVE,
    MAX,
    RANDOM
  }

  private static final long RANDOM_BOUND = 1_000_000;

  public static Amount exactly(long value) {
    return new Amount(Sort.EXACT, value);
  }

  /** The honest value and this much more, or less. */
  public static Amount relative(long difference) {
    return new Amount(Sort.RELATIVE, difference);
  }

  public static Amount max() {
    return new Amount(Sort.MAX, 0);
  }

  /**
   * Parses {@code 7}, {@code +1}, {@code -1}, {@code max} or {@code random}; null if it is none.
   */
  static Amount parse(String text) {
    if (text.equals("max")) {
      return max();
    } else if (text.equals("random")) {
      return new Amount(Sort.RANDOM, 0);
    } else if (!text.matches("[+-]?\\d{1,18}")) {
      return null;
    }
    boolean relative = text.charAt(0) == '+' || text.charAt(0) == '-';
    return new Amount(relative ? Sort.RELATIVE : Sort.EXACT, Long.parseLong(text));
  }

  /**
   * The number meant.
   *
   * @param honest the value that it replaces
   */
  public long of(long honest, SplittableRandom random) {
    return switch (sort) {
      case EXACT -> value;
      case RELATIVE -> honest + value;
      case MAX -> Long.MAX_VALUE;
      case RANDOM -> random.nextLong(RANDOM_BOUND);
    };
  }

  @Override
  public String toString() {
    return switch (sort) {
      case EXACT -> Long.toString(value);
      case RELATIVE -> (value < 0 ? "" : "+") + value;
      case MAX -> "max";
      case RANDOM -> "random";
    };
  }
}
