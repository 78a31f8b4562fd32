package io.pbft.node;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts with a unit: {@code 300ms}, {@code 2s}, {@code 1MiB}. */
final class Quantity {
  static final Quantity DURATION =
      new Quantity(
          "a duration such as 300ms, 2s or 1m",
          List.of(new Unit("m", 60_000), new Unit("s", 1000), new Unit("ms", 1)));

  static final Quantity SIZE =
      new Quantity(
          "a size such as 512B, 64KiB or 1MiB",
          List.of(new Unit("MiB", 1024 * 1024), new Unit("KiB", 1024), new Unit("B", 1)));

  private record Unit(String name, long factor) {}

  private static final Pattern FORM = Pattern.compile("(\\d{1,12}) ?([A-Za-z]{1,3})");

  private final String form;
  private final List<Unit> units;

  private Quantity(String form, List<Unit> units) {
    this.form = form;
    this.units = units;
  }

  String form() {
    return form;
  }

  /** The amount in milliseconds or bytes; empty when the text is no such quantity. */
  OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      for (Unit unit : units) {
        if (unit.name().equals(matcher.group(2))) {
          return OptionalLong.of(Long.parseLong(matcher.group(1)) * unit.factor());
        }
      }
    }
    return OptionalLong.empty();
  }

  /** In the largest unit that says it exactly. */
  String format(long amount) {
    for (Unit unit : units) {
      if (amount % unit.factor() == 0) {
        return amount / unit.factor() + unit.name();
      }
    }
    throw new IllegalStateException("the last unit is 1");
  }
}
