package io.pbft.cli.demo;

import io.pbft.cli.Console;
import java.util.Locale;

/** Tells the story on standard output: plain lines when piped, colours on a terminal. */
public final class Narrator {
  private static final String RESET = "\u001b[0m";

  private enum Style {
    BOLD("\u001b[1m"),
    DIM("\u001b[2m"),
    RED("\u001b[31m"),
    GREEN("\u001b[32m"),
    CYAN("\u001b[1;36m");

    private final String code;

    Style(String code) {
      this.code = code;
    }
  }

  private final Console console;
  private final boolean silent;
  private final long start = System.nanoTime();
  private int chapter;

  /**
   * @param silent tell nothing: the figures are printed as JSON
   */
  public Narrator(Console console, boolean silent) {
    this.console = console;
    this.silent = silent;
  }

  void title(String text) {
    say(styled(Style.BOLD, text));
  }

  void chapter(String text) {
    say("");
    say(styled(Style.CYAN, ++chapter + ". " + text));
  }

  /** Something is being done. */
  void act(String text) {
    say(clock() + "  " + text);
  }

  /** Something held. */
  void good(String text) {
    say(clock() + styled(Style.GREEN, " ✓ ") + text);
  }

  /** Something did not hold. */
  void bad(String text) {
    say(clock() + styled(Style.RED, " ✗ " + text));
  }

  void aside(String text) {
    say(styled(Style.DIM, "          " + text));
  }

  void figure(String name, String value) {
    say(String.format("   %-28s %s", name, styled(Style.BOLD, value)));
  }

  void verdict(boolean held, String text) {
    say("");
    say(styled(held ? Style.GREEN : Style.RED, (held ? "✓ " : "✗ ") + text));
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private String clock() {
    return styled(Style.DIM, String.format(Locale.ROOT, "  %5.1fs ", seconds()));
  }

  private void say(String line) {
    if (!silent) {
      console.say(line);
    }
  }

  private String styled(Style style, String text) {
    return console.colour() ? style.code + text + RESET : text;
  }
}
