package io.pbft.lab.scenario;

import io.pbft.core.ProtocolConfig;
import java.util.List;
import java.util.Locale;

/**
 * A length of time: a number of microseconds, or one relative to the cluster's timers, such as
 * {@code view-timeout - 10ms}.
 */
public record Span(List<Term> terms) {
  /** The cluster's timers. */
  public enum Timer {
    REQUEST_TIMEOUT,
    VIEW_TIMEOUT,
    STATUS_INTERVAL,
    SKEW;

    /** As scenarios spell it. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    long millis(ProtocolConfig config) {
      return switch (this) {
        case REQUEST_TIMEOUT -> config.requestTimeoutMillis();
        case VIEW_TIMEOUT -> config.viewChangeTimeoutMillis();
        case STATUS_INTERVAL -> config.statusIntervalMillis();
        case SKEW -> config.maxClockSkewMillis();
      };
    }
  }

  /**
   * A part.
   *
   * @param timer null for a fixed time
   * @param micros the fixed time
   */
  public record Term(boolean minus, Timer timer, long micros) {}

  private static final long MILLI = 1_000;
  private static final long SECOND = 1_000_000;

  public Span {
    terms = List.copyOf(terms);
  }

  public static Span micros(long micros) {
    return new Span(List.of(new Term(false, null, micros)));
  }

  public static Span millis(long millis) {
    return micros(millis * MILLI);
  }

  public static Span seconds(long seconds) {
    return micros(seconds * SECOND);
  }

  public static Span of(Timer timer) {
    return new Span(List.of(new Term(false, timer, 0)));
  }

  public Span plus(Span other) {
    return and(other, false);
  }

  public Span minus(Span other) {
    return and(other, true);
  }

  private Span and(Span other, boolean minus) {
    java.util.ArrayList<Term> all = new java.util.ArrayList<>(terms);
    other.terms.forEach(t -> all.add(new Term(t.minus != minus, t.timer, t.micros)));
    return new Span(all);
  }

  /** Microseconds in a cluster with these timers; never below 0. */
  public long toMicros(ProtocolConfig config) {
    long sum = 0;
    for (Term term : terms) {
      long micros = term.timer == null ? term.micros : term.timer.millis(config) * MILLI;
      sum += term.minus ? -micros : micros;
    }
    return Math.max(0, sum);
  }

  /** Reads terms joined by + and -. */
  static Span parse(Cursor in) {
    java.util.ArrayList<Term> terms = new java.util.ArrayList<>();
    boolean minus = false;
    while (true) {
      terms.add(term(in, minus));
      if (in.isWord("+") || in.isWord("-")) {
        minus = in.next().text().equals("-");
      } else {
        return new Span(terms);
      }
    }
  }

  private static Term term(Cursor in, boolean minus) {
    String expected = "a time such as 20ms, 2s or view-timeout";
    String word = in.word(expected);
    for (Timer timer : Timer.values()) {
      if (timer.word().equals(word)) {
        return new Term(minus, timer, 0);
      }
    }
    Long micros = fixed(word);
    if (micros == null) {
      throw in.misread(expected);
    }
    return new Term(minus, null, micros);
  }

  /** Microseconds of {@code 10us}, {@code 5ms} or {@code 2s}; null if it is none. */
  static Long fixed(String word) {
    if (!word.matches("\\d{1,9}(us|ms|s)")) {
      return null;
    }
    long number = Long.parseLong(word.replaceAll("[a-z]", ""));
    return number * (word.endsWith("us") ? 1 : word.endsWith("ms") ? MILLI : SECOND);
  }

  static String fixed(long micros) {
    if (micros % SECOND == 0) {
      return micros / SECOND + "s";
    }
    return micros % MILLI == 0 ? micros / MILLI + "ms" : micros + "us";
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Term term : terms) {
      out.append(out.length() == 0 ? "" : term.minus ? " - " : " + ");
      out.append(term.timer == null ? fixed(term.micros) : term.timer.word());
    }
    return out.toString();
  }
}
