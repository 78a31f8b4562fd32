package io.pbft.lab.scenario;

import java.util.List;

/** A bound on a number, such as {@code >= 2}. */
public record Comparison(String sign, long value) {
  static final List<String> SIGNS = List.of("=", "!=", ">=", "<=", ">", "<");

  public static Comparison is(long value) {
    return new Comparison("=", value);
  }

  public static Comparison atLeast(long value) {
    return new Comparison(">=", value);
  }

  public boolean holds(long actual) {
    return switch (sign) {
      case "=" -> actual == value;
      case "!=" -> actual != value;
      case ">=" -> actual >= value;
      case "<=" -> actual <= value;
      case ">" -> actual > value;
      default -> actual < value;
    };
  }
}
