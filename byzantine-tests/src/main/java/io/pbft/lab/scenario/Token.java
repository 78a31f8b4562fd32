package io.pbft.lab.scenario;

import java.util.ArrayList;
import java.util.List;

/** One word, number, sign, {@code "text"} or {@code [operation]} of a line, and where it stands. */
record Token(Sort sort, String text, int column) {
  enum Sort {
    WORD,
    SIGN,
    QUOTED,
    BRACKETED,
    END
  }

  private static final String SIGNS = "=<>!:,";

  /** The tokens of a line, ending with END; a {@code #} outside of quotes begins a comment. */
  static List<Token> of(String line, int number) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < line.length() && line.charAt(at) != '#') {
      char c = line.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else {
        Token token = next(line, at, number);
        tokens.add(token);
        at += length(token);
      }
    }
    tokens.add(new Token(Sort.END, "", line.stripTrailing().length() + 1));
    return tokens;
  }

  private static int length(Token token) {
    boolean delimited = token.sort == Sort.QUOTED || token.sort == Sort.BRACKETED;
    return token.text.length() + (delimited ? 2 : 0);
  }

  private static Token next(String line, int at, int number) {
    char c = line.charAt(at);
    if (c == '"') {
      return delimited(line, at, '"', Sort.QUOTED, number);
    } else if (c == '[') {
      return delimited(line, at, ']', Sort.BRACKETED, number);
    } else if (SIGNS.indexOf(c) >= 0) {
      boolean two = "<>!".indexOf(c) >= 0 && at + 1 < line.length() && line.charAt(at + 1) == '=';
      return new Token(Sort.SIGN, line.substring(at, at + (two ? 2 : 1)), at + 1);
    }
    int end = at;
    while (end < line.length()
        && !Character.isWhitespace(line.charAt(end))
        && (SIGNS + "\"[#").indexOf(line.charAt(end)) < 0) {
      end++;
    }
    return new Token(Sort.WORD, line.substring(at, end), at + 1);
  }

  private static Token delimited(String line, int at, char close, Sort sort, int number) {
    int end = line.indexOf(close, at + 1);
    if (end < 0) {
      throw new ScriptException(
          number, line.length() + 1, "the end of the line", "a closing '" + close + "'");
    }
    return new Token(sort, line.substring(at + 1, end), at + 1);
  }

  /** How an error message names it. */
  String named() {
    return switch (sort) {
      case END -> "the end of the line";
      case QUOTED -> "\"" + text + "\"";
      case BRACKETED -> "[" + text + "]";
      default -> "'" + text + "'";
    };
  }
}
