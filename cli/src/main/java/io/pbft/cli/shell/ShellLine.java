package io.pbft.cli.shell;

import io.pbft.examples.kv.KvOperation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a line of input asks for. */
sealed interface ShellLine {
  /** An operation on the store. */
  record Ask(KvOperation operation) implements ShellLine {}

  /** Nothing: an empty line or a comment. */
  record Blank() implements ShellLine {}

  /** To be told the commands. */
  record Help() implements ShellLine {}

  /** The end. */
  record Exit() implements ShellLine {}

  /** Nothing that can be understood. */
  record Wrong(String why) implements ShellLine {}

  /** Total: whatever the line is. */
  static ShellLine parse(String line) {
    try {
      List<String> words = words(line);
      return words.isEmpty() ? new Blank() : command(words);
    } catch (SyntaxException e) {
      return new Wrong(e.getMessage());
    }
  }

  private static ShellLine command(List<String> words) throws SyntaxException {
    String name = words.get(0).toLowerCase(Locale.ROOT);
    return switch (name) {
      case "put" -> {
        arity(words, 2, "put KEY VALUE");
        yield new Ask(new KvOperation.Put(key(words, 1), value(words, 2)));
      }
      case "get" -> {
        arity(words, 1, "get KEY");
        yield new Ask(new KvOperation.Get(key(words, 1)));
      }
      case "del" -> {
        arity(words, 1, "del KEY");
        yield new Ask(new KvOperation.Delete(key(words, 1)));
      }
      case "cas" -> {
        arity(words, 3, "cas KEY OLD NEW");
        yield new Ask(
            new KvOperation.CompareAndSet(key(words, 1), value(words, 2), value(words, 3)));
      }
      case "scan" -> {
        arity(words, 1, "scan PREFIX");
        yield new Ask(new KvOperation.Scan(key(words, 1), null, KvOperation.MAX_SCAN_ENTRIES));
      }
      case "help" -> new Help();
      case "exit", "quit" -> new Exit();
      default ->
          throw new SyntaxException(
              "no command '" + clip(words.get(0)) + "': use put, get, del, cas or scan");
    };
  }

  private static void arity(List<String> words, int expected, String usage) throws SyntaxException {
    if (words.size() != expected + 1) {
      throw new SyntaxException(
          words.get(0)
              + " takes "
              + expected
              + (expected == 1 ? " argument" : " arguments")
              + ", not "
              + (words.size() - 1)
              + ": "
              + usage);
    }
  }

  private static byte[] key(List<String> words, int index) throws SyntaxException {
    return bytes("key", words.get(index), KvOperation.MAX_KEY_BYTES);
  }

  private static byte[] value(List<String> words, int index) throws SyntaxException {
    return bytes("value", words.get(index), KvOperation.MAX_VALUE_BYTES);
  }

  private static byte[] bytes(String what, String word, int limit) throws SyntaxException {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > limit) {
      throw new SyntaxException(what + " of " + bytes.length + " bytes; the limit is " + limit);
    }
    return bytes;
  }

  private static String clip(String word) {
    return word.length() <= 20 ? word : word.substring(0, 20) + "...";
  }

  private static List<String> words(String line) throws SyntaxException {
    List<String> words = new ArrayList<>(4);
    if (line.stripLeading().startsWith("#")) {
      return words;
    }
    int at = 0;
    while (true) {
      while (at < line.length() && isBlank(line.charAt(at))) {
        at++;
      }
      if (at == line.length()) {
        return words;
      }
      StringBuilder word = new StringBuilder();
      at = line.charAt(at) == '"' ? quoted(line, at + 1, word) : bare(line, at, word);
      words.add(word.toString());
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** From the first character of a word to behind it. */
  private static int bare(String line, int from, StringBuilder word) throws SyntaxException {
    int at = from;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      char c = line.charAt(at);
      if (c == '"') {
        throw new SyntaxException("a quote inside a word: quote all of it, or write \\\"");
      }
      at = c == '\\' ? escape(line, at + 1, word) : literal(c, at, word);
    }
    return at;
  }

  /** From behind the opening quote to behind the closing one. */
  private static int quoted(String line, int from, StringBuilder word) throws SyntaxException {
    int at = from;
    while (at < line.length() && line.charAt(at) != '"') {
      char c = line.charAt(at);
      at = c == '\\' ? escape(line, at + 1, word) : literal(c, at, word);
    }
    if (at == line.length()) {
      throw new SyntaxException("a quote is not closed");
    }
    if (at + 1 < line.length() && !isBlank(line.charAt(at + 1))) {
      throw new SyntaxException("no space after a closing quote");
    }
    return at + 1;
  }

  private static int literal(char c, int at, StringBuilder word) {
    word.append(c);
    return at + 1;
  }

  /** From behind the backslash to behind what it escapes. */
  private static int escape(String line, int at, StringBuilder word) throws SyntaxException {
    if (at == line.length()) {
      throw new SyntaxException("a backslash at the end of the line");
    }
    char c = line.charAt(at);
    switch (c) {
      case 'n' -> word.append('\n');
      case 'r' -> word.append('\r');
      case 't' -> word.append('\t');
      case '"', '\\', ' ', '#' -> word.append(c);
      case 'u' -> {
        return unicode(line, at + 1, word);
      }
      default ->
          throw new SyntaxException("no escape \\" + c + ": use \\\" \\\\ \\n \\r \\t or \\uXXXX");
    }
    return at + 1;
  }

  private static int unicode(String line, int at, StringBuilder word) throws SyntaxException {
    int code = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = i < line.length() ? Character.digit(line.charAt(i), 16) : -1;
      if (digit < 0) {
        throw new SyntaxException("\\u needs four hexadecimal digits");
      }
      code = code << 4 | digit;
    }
    word.append((char) code);
    return at + 4;
  }

  /** Why a line cannot be understood. */
  final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private SyntaxException(String why) {
      super(why);
    }
  }
}
