package io.pbft.lab.scenario;

/** Times from one to another, both in microseconds. */
public record Range(long fromMicros, long toMicros) {
  /** Parses {@code 1..5ms}; null if it is none. */
  static Range parse(String text) {
    if (!text.matches("\\d{1,6}\\.\\.\\d{1,6}(us|ms|s)")) {
      return null;
    }
    String unit = text.replaceAll("[\\d.]", "");
    String[] bounds = text.substring(0, text.length() - unit.length()).split("\\.\\.");
    long from = Span.fixed(bounds[0] + unit);
    long to = Span.fixed(bounds[1] + unit);
    return from > to ? null : new Range(from, to);
  }

  @Override
  public String toString() {
    boolean millis = fromMicros % 1000 == 0 && toMicros % 1000 == 0;
    return millis
        ? fromMicros / 1000 + ".." + toMicros / 1000 + "ms"
        : fromMicros + ".." + toMicros + "us";
  }
}
