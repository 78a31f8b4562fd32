package io.pbft.lab.report;

import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.play.Played;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The catalogue against sizes of cluster: verdict, time to recover, and the way there. */
final class IndexWriter {
  private static final int BAR = 130;

  private final List<Entry> entries;
  private final Map<String, ReportSite.Cell> cells;
  private final long seed;
  private final double longest;

  IndexWriter(List<Entry> entries, Map<String, ReportSite.Cell> cells, long seed) {
    this.entries = entries;
    this.cells = cells;
    this.seed = seed;
    this.longest =
        cells.values().stream().mapToLong(c -> c.recovery().tookMicros()).max().orElse(1);
  }

  String html() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("style", Resources.read("report/report.css"));
    parts.put("summary", summary());
    parts.put("table", table());
    return PageWriter.fill(Resources.read("report/index.html"), parts);
  }

  private String summary() {
    StringBuilder out = new StringBuilder();
    for (Played.Verdict verdict : Played.Verdict.values()) {
      long count = cells.values().stream().filter(c -> c.verdict() == verdict).count();
      if (count > 0) {
        out.append("<li class=\"pill ").append(tone(verdict)).append("\">").append(sign(verdict));
        out.append(' ').append(count).append(' ').append(verdict.words()).append("</li>");
      }
    }
    long rest = entries.stream().filter(e -> !e.isPlayable()).count();
    out.append("<li class=\"pill fact\">").append(rest).append(" not played here</li>");
    return out.append("<li class=\"pill fact\">seed ").append(seed).append("</li>").toString();
  }

  private String table() {
    StringBuilder out = new StringBuilder("<table class=\"index\"><thead><tr><th>attack</th>");
    out.append("<th></th><th>at stake</th>");
    ReportSite.SIZES.forEach(n -> out.append("<th>").append(n).append(" replicas</th>"));
    out.append("</tr></thead>");
    String family = "";
    for (Entry entry : entries) {
      if (!entry.family().equals(family)) {
        family = entry.family();
        out.append("<tr class=\"family\"><th colspan=\"5\">").append(family).append("</th></tr>");
      }
      row(out, entry);
    }
    return out.append("</table>").toString();
  }

  private void row(StringBuilder out, Entry entry) {
    String words =
        (entry.id() + " " + entry.name() + " " + entry.attack()).toLowerCase(Locale.ROOT);
    out.append("<tr data-words=\"").append(Html.escape(words)).append("\"><td><b>");
    out.append(entry.id()).append("</b></td><td>").append(Html.escape(entry.name()));
    out.append("<div class=\"sub\">").append(Html.escape(entry.attack())).append("</div></td><td>");
    out.append(Html.escape(entry.atStake())).append("</td>");
    if (entry.isPlayable()) {
      ReportSite.SIZES.forEach(n -> cell(out, cells.get(ReportSite.key(entry, n))));
    } else {
      String why = entry.standing().words() + ": " + entry.reason();
      out.append("<td class=\"sub\" colspan=\"2\">").append(Html.escape(why)).append("</td>");
    }
    out.append("</tr>");
  }

  private void cell(StringBuilder out, ReportSite.Cell cell) {
    Recovery recovery = cell.recovery();
    long took = recovery.tookMicros();
    out.append("<td class=\"outcome\"><a href=\"")
        .append(cell.file())
        .append("\"><span class=\"pill ");
    out.append(tone(cell.verdict())).append("\">").append(sign(cell.verdict())).append(' ');
    out.append(cell.verdict().words()).append("</span><span class=\"num\">");
    out.append(took < 0 ? "" : Html.millis(took)).append("</span>");
    if (took >= 0) {
      bar(out, recovery);
    }
    out.append("</a></td>");
  }

  /** The recovery bracket, as long as its logarithm. */
  private void bar(StringBuilder out, Recovery r) {
    double length = BAR * Math.log1p(r.tookMicros() / 1e3) / Math.log1p(longest / 1e3);
    long[] steps = {r.detectedMicros(), r.askedMicros(), r.enteredMicros(), r.servedMicros()};
    out.append("<svg width=\"").append(BAR).append("\" height=\"8\" aria-hidden=\"true\">");
    long from = r.startMicros();
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] >= from) {
        double x = length * (from - r.startMicros()) / Math.max(1, r.tookMicros());
        double width = length * (steps[i] - from) / Math.max(1, r.tookMicros());
        out.append(
            String.format(
                Locale.ROOT,
                "<rect class=\"phase%d\" x=\"%.1f\" width=\"%.1f\" height=\"8\"/>",
                i + 1,
                x,
                Math.min(BAR - x, Math.max(0.7, width))));
        from = steps[i];
      }
    }
    out.append("</svg>");
  }

  private static String tone(Played.Verdict verdict) {
    return switch (verdict) {
      case AS_EXPECTED -> "met";
      case VIOLATED -> "failed";
      case INCONCLUSIVE -> "open";
    };
  }

  private static String sign(Played.Verdict verdict) {
    return switch (verdict) {
      case AS_EXPECTED -> "✓";
      case VIOLATED -> "✗";
      case INCONCLUSIVE -> "○";
    };
  }
}
