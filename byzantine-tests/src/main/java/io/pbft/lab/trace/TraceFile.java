package io.pbft.lab.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * A trace as text: lines of prose (starting with {@code #}), and blocks of commands, each followed
 * by {@code ----} and the transcript that it is expected to have, up to an empty line.
 */
public final class TraceFile {
  private static final String RULE = "----";

  private final String name;
  private final List<String> lines;

  private TraceFile(String name, List<String> lines) {
    this.name = name;
    this.lines = lines;
  }

  /**
   * @param name for error messages
   * @param text of the whole file
   */
  public static TraceFile of(String name, String text) {
    return new TraceFile(name, text.lines().toList());
  }

  /**
   * Carries the trace out, from an empty world.
   *
   * @return the text of the file with the transcripts as they come out now: the file itself when
   *     everything went as expected
   * @throws TraceException naming file and line where a command is wrong
   */
  public String replay() {
    Interpreter interpreter = new Interpreter();
    StringBuilder text = new StringBuilder();
    List<Integer> block = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at).stripTrailing();
      text.append(line).append('\n');
      at++;
      if (line.equals(RULE)) {
        run(interpreter, block, text);
        block.clear();
        while (at < lines.size() && !lines.get(at).isBlank()) {
          at++;
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        block.add(at);
      }
    }
    if (!block.isEmpty()) {
      throw new TraceException(name + ":" + block.get(0) + ": no " + RULE + " follows");
    }
    return text.toString();
  }

  private void run(Interpreter interpreter, List<Integer> block, StringBuilder text) {
    for (int number : block) {
      try {
        text.append(interpreter.run(lines.get(number - 1)));
      } catch (RuntimeException e) {
        throw new TraceException(name + ":" + number, e);
      }
    }
  }
}
