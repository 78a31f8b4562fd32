package io.pbft.bench.profile;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stack of a thread, and how often it was met.
 *
 * @param thread its name
 * @param tid its number in the system
 * @param frames from the outermost to the top
 */
record Sample(String thread, int tid, List<String> frames, long count) {
  private static final Pattern LINE = Pattern.compile("\\[(.*?) tid=(\\d+)](?:;(.*))? (\\d+)");

  /**
   * Reads a line as the profiler writes it: {@code [thread tid=7];frame;frame 3}.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static Sample parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a stack with its thread and a count: " + line);
    }
    String frames = matcher.group(3);
    return new Sample(
        matcher.group(1),
        Integer.parseInt(matcher.group(2)),
        frames == null ? List.of() : List.of(frames.split(";")),
        Long.parseLong(matcher.group(4)));
  }

  boolean isInKernel() {
    return Classifier.isInKernel(frames);
  }

  Component component() {
    return Classifier.of(thread, frames);
  }
}
