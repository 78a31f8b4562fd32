package io.pbft.lab.scenario;

/** A scenario's text that is none: where, what was found, and what was expected. */
public final class ScriptException extends RuntimeException {
  private final int line;
  private final int column;

  /**
   * @param line from 1; 0 where the place is unknown
   * @param column from 1
   */
  public ScriptException(int line, int column, String found, String expected) {
    super("line " + line + ", column " + column + ": found " + found + ", expected " + expected);
    this.line = line;
    this.column = column;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
