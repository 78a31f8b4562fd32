package io.pbft.lab.report;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Small pieces of a page. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String code(String text) {
    return "<code>" + escape(text) + "</code>";
  }

  /** {@code 35.2 ms}; seconds from ten thousand on. */
  static String millis(long micros) {
    return micros >= 10_000_000
        ? String.format(Locale.ROOT, "%.2f s", micros / 1e6)
        : String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
  }

  /** {@code r1, r2 and r3}. */
  static String and(Collection<String> names) {
    List<String> list = List.copyOf(names);
    int last = list.size() - 1;
    return last < 1
        ? String.join("", list)
        : String.join(", ", list.subList(0, last)) + " and " + list.get(last);
  }

  static String count(long count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }

  /** What scrolls the diagram to a time and lights messages up. */
  static String jump(long fromMicros, long toMicros, Collection<Integer> flights, String inner) {
    String ids = String.join(",", flights.stream().limit(24).map(String::valueOf).toList());
    return "<button type=\"button\" class=\"jump\" data-from=\""
        + fromMicros
        + "\" data-to=\""
        + toMicros
        + "\" data-flights=\""
        + ids
        + "\">"
        + inner
        + "</button>";
  }

  /** A section of the page with its heading. */
  static String section(String id, String title, String hint, String inner) {
    return "<section id=\""
        + id
        + "\" aria-labelledby=\"h-"
        + id
        + "\"><h2 id=\"h-"
        + id
        + "\">"
        + title
        + "</h2>"
        + (hint.isEmpty() ? "" : "<p class=\"hint\">" + hint + "</p>")
        + inner
        + "</section>\n";
  }
}
