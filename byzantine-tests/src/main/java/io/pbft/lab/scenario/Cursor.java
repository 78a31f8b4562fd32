package io.pbft.lab.scenario;

import java.util.List;

/** Reads the tokens of one line from left to right. */
final class Cursor {
  private final int line;
  private final List<Token> tokens;
  private int at;

  Cursor(String text, int line) {
    this.line = line;
    this.tokens = Token.of(text, line);
  }

  Token peek() {
    return tokens.get(at);
  }

  Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean atEnd() {
    return peek().sort() == Token.Sort.END;
  }

  boolean isWord(String word) {
    return peek().sort() == Token.Sort.WORD && peek().text().equals(word);
  }

  boolean isSign(String sign) {
    return peek().sort() == Token.Sort.SIGN && peek().text().equals(sign);
  }

  /** Takes the word if it is next. */
  boolean takeWord(String word) {
    boolean is = isWord(word);
    at += is ? 1 : 0;
    return is;
  }

  void sign(String sign) {
    if (!isSign(sign)) {
      throw expected("'" + sign + "'");
    }
    at++;
  }

  String word(String what) {
    if (peek().sort() != Token.Sort.WORD) {
      throw expected(what);
    }
    return next().text();
  }

  void end() {
    if (!atEnd()) {
      throw expected("the end of the line");
    }
  }

  ScriptException expected(String what) {
    return new ScriptException(line, peek().column(), peek().named(), what);
  }

  /** As {@link #expected}, about the token that was read last. */
  ScriptException misread(String what) {
    at = Math.max(0, at - 1);
    return expected(what);
  }
}
