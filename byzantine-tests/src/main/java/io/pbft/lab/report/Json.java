package io.pbft.lab.report;

import java.util.List;
import java.util.Map;

/** JSON that is safe inside a script element. */
final class Json {
  private Json() {}

  static String of(Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value);
    return out.toString();
  }

  private static void write(StringBuilder out, Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Map<?, ?> map) {
      out.append('{');
      map.forEach(
          (key, each) -> {
            separate(out, '{');
            write(out, key.toString());
            out.append(':');
            write(out, each);
          });
      out.append('}');
    } else if (value instanceof List<?> list) {
      out.append('[');
      for (Object each : list) {
        separate(out, '[');
        write(out, each);
      }
      out.append(']');
    } else {
      quote(out, value.toString());
    }
  }

  private static void separate(StringBuilder out, char opening) {
    if (out.charAt(out.length() - 1) != opening) {
      out.append(',');
    }
  }

  /** No {@code </script>} and no line separator of JavaScript's gets through. */
  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
