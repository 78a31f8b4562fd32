package io.pbft.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The streams of the process, and which of them are a terminal. Text is UTF-8 whatever the locale.
 */
public record Console(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean terminalIn,
    boolean terminalOut,
    boolean terminalErr) {

  /** Set by the launcher: which of {@code in,out,err} are a terminal, which Java cannot tell. */
  private static final String TERMINALS = "pbft.terminals";

  /** The process's own streams. */
  public static Console ofProcess() {
    List<String> terminals = Arrays.asList(System.getProperty(TERMINALS, "").split(","));
    return new Console(
        System.in,
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        terminals.contains("in"),
        terminals.contains("out"),
        terminals.contains("err"));
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
  }

  /** Whether to colour what goes to standard output; see no-color.org. */
  public boolean colour() {
    return terminalOut
        && System.getenv().getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** Prints a line to standard output at once. */
  public void say(String line) {
    out.println(line);
    out.flush();
  }

  /** Prints a line to standard error at once. */
  public void complain(String line) {
    err.println(line);
    err.flush();
  }
}
