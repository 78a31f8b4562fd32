package io.pbft.lab.scenario;

import io.pbft.core.TimerKind;
import io.pbft.core.message.MessageType;
import io.pbft.core.message.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What can stand for a parameter: how it is read, written, and made up at random (the round trip's
 * test and the search for violations write scenarios).
 */
final class Kind {
  private final Function<Cursor, Object> reader;
  private final Function<SplittableRandom, Object> sampler;

  private Kind(Function<Cursor, Object> reader, Function<SplittableRandom, Object> sampler) {
    this.reader = reader;
    this.sampler = sampler;
  }

  Object read(Cursor in) {
    return reader.apply(in);
  }

  Object sample(SplittableRandom random) {
    return sampler.apply(random);
  }

  static final Kind NUMBER = number(0, 1_000_000);
  static final Kind AMOUNT =
      new Kind(
          in -> parsed(in, Amount::parse, "a number, +N, -N, max or random"),
          random -> Amount.parse(pick(random, List.of("7", "+1", "-2", "max", "random"))));
  static final Kind SPAN =
      new Kind(
          Span::parse,
          random ->
              random.nextBoolean()
                  ? Span.micros(random.nextLong(3_000_000))
                  : Span.of(pick(random, List.of(Span.Timer.values()))).minus(Span.millis(3)));
  static final Kind ACTORS =
      new Kind(
          Actors::parse,
          random ->
              random.nextBoolean()
                  ? Actors.of("r" + random.nextInt(7), "r" + random.nextInt(7))
                  : Actors.of(pick(random, Actors.PARTS)));
  static final Kind PERCENT =
      new Kind(
          in -> parsed(in, Kind::percent, "a percentage such as 5%"),
          random -> random.nextInt(101));
  static final Kind FLAG = new Kind(in -> true, random -> true);
  static final Kind TEXT =
      new Kind(
          in -> {
            if (in.peek().sort() != Token.Sort.QUOTED) {
              throw in.expected("a text in \"quotes\"");
            }
            return in.next().text();
          },
          random -> "a text " + random.nextInt(100));
  static final Kind OPERATION =
      new Kind(
          in -> {
            if (in.peek().sort() != Token.Sort.BRACKETED) {
              throw in.expected("an operation in brackets, such as [put x 1]");
            }
            return Operation.parse(in);
          },
          random -> new Operation("put", List.of("k" + random.nextInt(9), "" + random.nextInt(9))));

  /** A forged operation, or a way to change the honest batch. */
  static final Kind BATCH = batch();

  static final Kind RANGE =
      new Kind(
          in -> parsed(in, Range::parse, "a range of times such as 1..5ms"),
          random -> new Range(1000, 1000 + random.nextInt(100) * 1000L));
  static final Kind RATE =
      new Kind(
          in -> parsed(in, Kind::rate, "a rate such as 200/s"),
          random -> new Rate(random.nextInt(1, 1000)));
  static final Kind NAME =
      new Kind(
          in -> parsed(in, text -> text.matches("[A-Za-z0-9-]+") ? text : null, "a name"),
          random -> "k" + random.nextInt(10));
  static final Kind CLIENT =
      new Kind(
          in -> parsed(in, text -> text.matches("c\\d{1,4}") ? text : null, "a client: c0, c1 ..."),
          random -> "c" + random.nextInt(10));
  static final Kind GUARD = words("mac", "signature", "n4", "n7");
  static final Kind TYPE = words(spelled(MessageType.values()));
  static final Kind TIMER = words(spelled(TimerKind.values()));
  static final Kind REASON =
      words(Arrays.stream(Reason.values()).map(Reason::name).toArray(String[]::new));
  static final Kind COMPARE = compare(Kind::whole, "a number", "");
  static final Kind COMPARE_SPAN = compare(Span::fixed, "a time such as 1500ms", "us");
  static final Kind COMPARE_PERCENT = compare(Kind::percentOf, "a percentage such as 60%", "%");

  private static Kind batch() {
    Kind word =
        words(
            "later",
            "shuffled",
            "twice",
            "empty",
            "null",
            "stale",
            "latest",
            "rewritten",
            "first",
            "bad-macs",
            "mixed-signatures");
    return new Kind(
        in -> in.peek().sort() == Token.Sort.BRACKETED ? OPERATION.read(in) : word.read(in),
        random -> random.nextBoolean() ? OPERATION.sample(random) : word.sample(random));
  }

  static Kind number(long from, long to) {
    String expected = "a whole number from " + from + " to " + to;
    return new Kind(
        in ->
            parsed(
                in,
                text -> {
                  Long value = whole(text);
                  return value == null || value < from || value > to ? null : value;
                },
                expected),
        random -> from + random.nextLong(Math.min(50, to - from + 1)));
  }

  /** One of some words. */
  static Kind words(String... allowed) {
    List<String> list = List.of(allowed);
    return new Kind(
        in -> parsed(in, word -> list.contains(word) ? word : null, String.join(", ", list)),
        random -> pick(random, list));
  }

  /** Names of constants as scenarios spell them. */
  static String[] spelled(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Kind::spell).toArray(String[]::new);
  }

  static String spell(Enum<?> constant) {
    return constant.name().replace('_', '-');
  }

  private static Kind compare(Function<String, Long> value, String expected, String unit) {
    return new Kind(
        in -> {
          if (in.peek().sort() != Token.Sort.SIGN || !Comparison.SIGNS.contains(in.peek().text())) {
            throw in.expected("one of " + String.join(" ", Comparison.SIGNS));
          }
          String sign = in.next().text();
          return new Measure(new Comparison(sign, parsed(in, value, expected)), unit);
        },
        random ->
            new Measure(
                new Comparison(pick(random, Comparison.SIGNS), random.nextInt(1, 1000)), unit));
  }

  /**
   * A bound with its unit.
   *
   * @param unit {@code us}, {@code %} or empty
   */
  record Measure(Comparison comparison, String unit) {
    @Override
    public String toString() {
      long value = comparison.value();
      String number = unit.equals("us") ? Span.fixed(value) : value + unit;
      return comparison.sign() + " " + number;
    }
  }

  /** Operations a second. */
  record Rate(long perSecond) {
    @Override
    public String toString() {
      return perSecond + "/s";
    }
  }

  private static Rate rate(String text) {
    return text.matches("[1-9]\\d{0,5}/s")
        ? new Rate(Long.parseLong(text.substring(0, text.length() - 2)))
        : null;
  }

  private static <T> T parsed(Cursor in, Function<String, T> parser, String expected) {
    T value = parser.apply(in.word(expected));
    if (value == null) {
      throw in.misread(expected);
    }
    return value;
  }

  private static Long whole(String text) {
    return text.matches("\\d{1,18}") ? Long.valueOf(text) : null;
  }

  private static Integer percent(String text) {
    boolean is = text.matches("\\d{1,3}%");
    int value = is ? Integer.parseInt(text.substring(0, text.length() - 1)) : -1;
    return value < 0 || value > 100 ? null : value;
  }

  private static Long percentOf(String text) {
    return text.matches("\\d{1,4}%") ? Long.valueOf(text.substring(0, text.length() - 1)) : null;
  }

  private static <T> T pick(SplittableRandom random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** How a value is written. */
  static String print(Object value) {
    return value instanceof Integer percent ? percent + "%" : value.toString();
  }
}
