package io.pbft.lab.search;

import io.pbft.lab.sim.Choices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * A run of the swarm as a {@code .traitor} file: its settings and everything that was drawn in it,
 * so that it can be run again in any build. What follows the choices is zeros, the plainest
 * outcomes.
 *
 * <pre>{@code
 * # safe: violated (agreement at 128 ms ...)
 * swarm n=4 operations=100 auth=mac disks=no without="quorum q"
 * choices 0 0 1 17 4
 * }</pre>
 *
 * @param without the defence that is down, empty for none
 * @param comment what went wrong, a line
 */
public record SwarmFile(SwarmRun.Settings settings, String without, int[] choices, String comment) {
  private static final int CHOICES_A_LINE = 24;
  private static final String SWARM = "swarm ";
  private static final String CHOICES = "choices ";

  /** Whether a file's text is one of these, and no scenario. */
  public static boolean isOne(String text) {
    return lines(text).stream().findFirst().map(line -> line.startsWith(SWARM)).orElse(false);
  }

  private static List<String> lines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is none; the message says what is wrong with which line
   */
  public static SwarmFile parse(String text) {
    List<String> lines = lines(text);
    List<Integer> choices = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (!line.startsWith(CHOICES)) {
        throw new IllegalArgumentException("'" + line + "': expected choices and numbers");
      }
      for (String word : line.substring(CHOICES.length()).strip().split(" +")) {
        choices.add(number(word, line));
      }
    }
    return header(lines.get(0), choices.stream().mapToInt(i -> i).toArray());
  }

  private static int number(String word, String line) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + line + "': '" + word + "' is no number", e);
    }
  }

  private static SwarmFile header(String line, int[] choices) {
    int quoted = line.indexOf(" without=\"");
    String without = quoted < 0 ? "" : line.substring(quoted + 10, line.length() - 1);
    int n = 0;
    int operations = SwarmRun.Settings.ALL.operations();
    boolean macOnly = false;
    boolean disks = true;
    String settings = quoted < 0 ? line : line.substring(0, quoted);
    for (String word : settings.substring(SWARM.length()).strip().split(" +")) {
      String value = word.substring(word.indexOf('=') + 1);
      switch (word.substring(0, word.length() - value.length())) {
        case "n=" -> n = number(value, line);
        case "operations=" -> operations = number(value, line);
        case "auth=" -> macOnly = value.equals("mac");
        case "disks=" -> disks = value.equals("drawn");
        default -> throw new IllegalArgumentException("'" + line + "': unknown '" + word + "'");
      }
    }
    SwarmRun.Settings all = new SwarmRun.Settings(n, operations, macOnly, disks);
    return new SwarmFile(all, without, choices, "");
  }

  /** The file's text. */
  public String print() {
    StringBuilder text = new StringBuilder();
    comment.lines().forEach(line -> text.append("# ").append(line).append('\n'));
    text.append(SWARM)
        .append("n=")
        .append(settings.n())
        .append(" operations=")
        .append(settings.operations())
        .append(" auth=")
        .append(settings.macOnly() ? "mac" : "drawn")
        .append(" disks=")
        .append(settings.disks() ? "drawn" : "no");
    if (!without.isEmpty()) {
      text.append(" without=\"").append(without).append('"');
    }
    text.append('\n');
    for (int at = 0; at < choices.length; at += CHOICES_A_LINE) {
      StringJoiner line = new StringJoiner(" ", CHOICES, "\n");
      int end = Math.min(choices.length, at + CHOICES_A_LINE);
      Arrays.stream(choices, at, end).forEach(choice -> line.add(Integer.toString(choice)));
      text.append(line);
    }
    return text.toString();
  }

  /** What is drawn in the run. */
  public Choices replay() {
    return Choices.replay(choices);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SwarmFile file
        && settings.equals(file.settings)
        && without.equals(file.without)
        && Arrays.equals(choices, file.choices);
  }

  @Override
  public int hashCode() {
    return settings.hashCode() * 31 + Arrays.hashCode(choices);
  }
}
