package io.pbft.cli.shell;

import io.pbft.examples.kv.KvResult;
import java.nio.charset.StandardCharsets;

/** Results as lines of text. */
public final class Answers {
  private Answers() {}

  /** The line that answers an operation other than a scan. */
  public static String of(KvResult result) {
    if (result instanceof KvResult.Value value) {
      return "VALUE " + printable(value.value());
    } else if (result instanceof KvResult.None) {
      return "NONE";
    } else if (result instanceof KvResult.Conflict conflict) {
      return conflict.current() == null ? "CONFLICT" : "CONFLICT " + printable(conflict.current());
    }
    return "OK";
  }

  /** Key, tab, value. */
  public static String entry(KvResult.Entry entry) {
    return printable(entry.key()) + "\t" + printable(entry.value());
  }

  /** Bytes that are meant as UTF-8. */
  public static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * The text as it is, or, if it would break the line or be taken for it, in the quotes that {@link
   * ShellLine} reads.
   */
  static String printable(byte[] utf8) {
    String text = text(utf8);
    boolean plain = !text.startsWith("\"") && text.chars().noneMatch(c -> c < 0x20 || c == 0x7f);
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
