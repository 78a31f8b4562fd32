package io.pbft.lab.report;

import io.pbft.core.message.MessageType;
import io.pbft.lab.report.RunRecord.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Messages and bytes by type: the formula, the honest run, this run. */
final class CostWriter {
  /** What was sent of a type. */
  private static final class Sum {
    private long honest;
    private long traitor;
    private long bytes;
  }

  /** A type's formula, and its value in the honest run. */
  private record Formula(String text, long value) {}

  private final RunRecord run;
  private final RunRecord alone;

  CostWriter(RunRecord run, RunRecord alone) {
    this.run = run;
    this.alone = alone;
  }

  String html() {
    Map<String, Sum> here = sums(run);
    Map<String, Sum> there = sums(alone);
    List<String> kinds = new ArrayList<>();
    for (MessageType type : MessageType.values()) {
      String kind = type.name().replace('_', '-');
      if (here.containsKey(kind) || there.containsKey(kind)) {
        kinds.add(kind);
      }
    }
    long most = here.values().stream().mapToLong(s -> s.honest + s.traitor).max().orElse(1);
    StringBuilder out =
        new StringBuilder("<div class=\"scroll\"><table class=\"cost\"><thead><tr>");
    out.append("<th>type</th><th>formula</th><th class=\"num\">formula, honest run</th>");
    out.append("<th class=\"num\">measured, honest run</th><th></th>");
    out.append("<th class=\"num\">this run</th><th class=\"num\">by traitors</th>");
    out.append("<th class=\"num\">bytes</th><th class=\"wide\">this run</th></tr></thead>");
    for (String kind : kinds) {
      row(out, kind, here.getOrDefault(kind, new Sum()), there.getOrDefault(kind, new Sum()), most);
    }
    return out.append("</table></div>").toString();
  }

  private static Map<String, Sum> sums(RunRecord of) {
    Map<String, Sum> sums = new TreeMap<>();
    for (Flight each : of.flights) {
      if (each.fate != Flight.Fate.WITHHELD) {
        Sum sum = sums.computeIfAbsent(each.kind(), k -> new Sum());
        sum.bytes += each.bytes;
        if (of.isTraitor(each.from)) {
          sum.traitor++;
        } else {
          sum.honest++;
        }
      }
    }
    return sums;
  }

  private void row(StringBuilder out, String kind, Sum here, Sum there, long most) {
    Formula formula = formula(kind);
    long measured = there.honest + there.traitor;
    out.append("<tr><td><span class=\"swatch k-").append(kind).append("\"></span>").append(kind);
    out.append("</td><td class=\"formula\">").append(formula == null ? "" : formula.text());
    out.append("</td><td class=\"num\">").append(formula == null ? "" : number(formula.value()));
    out.append("</td><td class=\"num\">").append(number(measured)).append("</td><td>");
    out.append(formula == null ? "" : compare(formula.value(), measured)).append("</td>");
    out.append("<td class=\"num\">").append(number(here.honest + here.traitor));
    out.append("</td><td class=\"num bad\">").append(here.traitor == 0 ? "" : number(here.traitor));
    out.append("</td><td class=\"num\">").append(number(here.bytes)).append("</td><td>");
    bar(out, "honest", here.honest, most);
    bar(out, "traitor", here.traitor, most);
    out.append("</td></tr>");
  }

  private static void bar(StringBuilder out, String kind, long value, long most) {
    if (value > 0) {
      double width = Math.max(0.6, 98.0 * value / most);
      out.append("<span class=\"bar ").append(kind).append("\" style=\"width:");
      out.append(String.format(Locale.ROOT, "%.1f%%", width)).append("\"></span>");
    }
  }

  private static String compare(long expected, long measured) {
    long more = measured - expected;
    return more == 0
        ? "<span class=\"good\" title=\"equal\">=</span>"
        : "<span class=\"sub\">" + (more > 0 ? "+" : "−") + number(Math.abs(more)) + "</span>";
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Castro and Liskov's counts, for the honest run's slots, requests and checkpoints. */
  private Formula formula(String kind) {
    long n = run.n();
    long slots = distinct(What.EXECUTED);
    long requests = alone.operations.size();
    long stable = distinct(What.STABLE);
    String b = "<i>n</i>";
    return switch (kind) {
      case "REQUEST" -> new Formula("requests", requests);
      case "PRE-PREPARE" -> new Formula("slots · (" + b + "−1)", slots * (n - 1));
      case "PREPARE" -> new Formula("slots · (" + b + "−1)²", slots * (n - 1) * (n - 1));
      case "COMMIT" -> new Formula("slots · " + b + "(" + b + "−1)", slots * n * (n - 1));
      case "REPLY" -> new Formula("requests · " + b, requests * n);
      case "CHECKPOINT" ->
          new Formula("checkpoints · " + b + "(" + b + "−1)", stable * n * (n - 1));
      case "VIEW-CHANGE", "NEW-VIEW" -> new Formula("0 without a fault", 0);
      default -> null;
    };
  }

  private long distinct(What what) {
    return alone.marks(what).stream().mapToLong(RunRecord.Mark::slot).distinct().count();
  }
}
