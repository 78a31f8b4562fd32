package io.pbft.lab.report;

import io.pbft.crypto.Digest;
import io.pbft.lab.report.RunRecord.Mark;
import io.pbft.lab.report.RunRecord.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Slots across, replicas down: how far each got with each slot, and with which digest. */
final class GridWriter {
  private static final int FEW_COLUMNS = 40;
  private static final int AROUND = 3;
  private static final Map<What, String> SIGNS =
      Map.of(What.PRE_PREPARED, "p", What.PREPARED, "P", What.COMMITTED, "C", What.EXECUTED, "◆");

  /** How far a replica got with a slot. */
  private record Cell(What what, Digest digest, long at) {}

  private final RunRecord run;
  private final Digests digests;
  private final long watched;
  private final TreeMap<Long, Cell[]> columns = new TreeMap<>();

  /**
   * @param watched the slot that has a column of its own, or -1
   */
  GridWriter(RunRecord run, Digests digests, long watched) {
    this.run = run;
    this.digests = digests;
    this.watched = watched;
    for (Mark mark : run.marks) {
      if (SIGNS.containsKey(mark.what())) {
        take(mark);
      }
    }
  }

  private void take(Mark mark) {
    Cell[] column = columns.computeIfAbsent(mark.slot(), s -> new Cell[run.n()]);
    int replica = mark.who() - run.clients();
    Cell known = column[replica];
    if (known == null || known.what() != What.EXECUTED) {
      column[replica] = new Cell(mark.what(), mark.digest(), mark.atMicros());
    }
  }

  String html() {
    if (columns.isEmpty()) {
      return "<p class=\"empty\">Nothing was proposed.</p>";
    }
    StringBuilder out =
        new StringBuilder("<div class=\"scroll\"><table class=\"grid\"><tr><th></th>");
    List<List<Long>> groups = groups();
    for (List<Long> group : groups) {
      String violated = isViolated(columns.get(group.get(0))) ? " class=\"violated\"" : "";
      out.append("<th").append(violated).append('>').append(label(group)).append("</th>");
    }
    out.append("</tr>");
    for (int replica = 0; replica < run.n(); replica++) {
      String bad = run.isTraitor(run.lane(replica)) ? " class=\"bad\"" : "";
      out.append("<tr><th").append(bad).append(">r").append(replica).append("</th>");
      for (List<Long> group : groups) {
        cell(out, group, replica);
      }
      out.append("</tr>");
    }
    return out.append("</table></div>").toString();
  }

  private static String label(List<Long> group) {
    long first = group.get(0);
    long last = group.get(group.size() - 1);
    String slot = "<button type=\"button\" class=\"slot\" data-slot=\"" + first + "\">";
    return slot + (first == last ? first : first + "–" + last) + "</button>";
  }

  private void cell(StringBuilder out, List<Long> group, int replica) {
    long slot = group.get(0);
    Cell[] column = columns.get(slot);
    Cell cell = column[replica];
    String violated = isViolated(column) ? " violated" : "";
    if (cell == null) {
      out.append("<td class=\"cell none").append(violated).append("\">·</td>");
      return;
    }
    String letter = digests.letter(slot, cell.digest());
    String title =
        cell.what().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')
            + " "
            + (group.size() > 1
                ? ""
                : letter + " " + cell.digest() + ", " + Html.millis(cell.at()));
    out.append("<td class=\"cell d-").append(tone(letter)).append(violated).append("\" title=\"");
    out.append(title.trim()).append("\"><b>").append(letter).append("</b><i>");
    out.append(SIGNS.get(cell.what())).append("</i></td>");
  }

  private static String tone(String letter) {
    return letter.equals(Digests.NULL) ? "null" : letter.equals("A") ? "a" : "b";
  }

  /** Correct replicas executed two different things. */
  private boolean isViolated(Cell[] column) {
    TreeSet<Digest> executed = new TreeSet<>();
    for (int i = 0; i < column.length; i++) {
      if (column[i] != null && column[i].what() == What.EXECUTED && !run.isTraitor(run.lane(i))) {
        executed.add(column[i].digest());
      }
    }
    return executed.size() > 1;
  }

  /** Neighbours that say the same are one column, where there are many. */
  private List<List<Long>> groups() {
    List<List<Long>> groups = new ArrayList<>();
    String before = "";
    for (long slot : columns.keySet()) {
      boolean isNear = watched >= 0 && Math.abs(slot - watched) <= AROUND;
      String like = isNear ? "slot " + slot : signature(slot);
      if (columns.size() > FEW_COLUMNS && like.equals(before)) {
        groups.get(groups.size() - 1).add(slot);
      } else {
        groups.add(new ArrayList<>(List.of(slot)));
      }
      before = like;
    }
    return groups;
  }

  private String signature(long slot) {
    StringBuilder signature = new StringBuilder();
    for (Cell cell : columns.get(slot)) {
      signature.append(cell == null ? "-" : cell.what() + digests.letter(slot, cell.digest()));
    }
    return signature.toString();
  }
}
