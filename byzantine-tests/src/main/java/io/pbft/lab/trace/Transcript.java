package io.pbft.lab.trace;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened, an entry for each event: who, what, and indented below it what came of it.
 * Neighbouring entries that differ only in who are told as one.
 */
final class Transcript {
  private record Entry(List<String> who, String what, List<String> lines) {}

  private final List<Entry> entries = new ArrayList<>();
  private Entry open;

  /** Starts an entry; lines go to it until the next starts. */
  void begin(String who, String what) {
    close();
    open = new Entry(new ArrayList<>(List.of(who)), what, new ArrayList<>());
  }

  /** Adds to the entry that is open. */
  void line(String text) {
    open.lines().add(text);
  }

  /** An entry without lines. */
  void note(String text) {
    close();
    entries.add(new Entry(List.of(), text, List.of()));
  }

  private void close() {
    if (open == null) {
      return;
    }
    Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
    boolean same =
        last != null
            && !last.who().isEmpty()
            && last.what().equals(open.what())
            && last.lines().equals(open.lines());
    if (same) {
      last.who().addAll(open.who());
    } else {
      entries.add(open);
    }
    open = null;
  }

  /** Takes everything out as text, each line with its newline. */
  String take() {
    close();
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      String who = String.join(" ", entry.who());
      text.append(who).append(who.isEmpty() ? "" : " ").append(entry.what()).append('\n');
      entry.lines().forEach(line -> text.append("  ").append(line).append('\n'));
    }
    entries.clear();
    return text.toString();
  }
}
