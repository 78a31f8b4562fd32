package io.pbft.lab.report;

import io.pbft.core.message.Reason;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import java.util.List;
import java.util.stream.Collectors;

/** What was refused, by whom, from whom and why. */
final class LedgerWriter {
  private static final int SHOWN_ENTRIES = 8;

  private LedgerWriter() {}

  static String html(RunRecord run, Ledger ledger) {
    if (ledger.rows().isEmpty()) {
      return "<p class=\"empty\">No correct replica refused anything.</p>";
    }
    StringBuilder out = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    out.append("<th>№</th><th>reason</th><th>message</th><th>from</th>");
    for (int i = 0; i < run.n(); i++) {
      if (!run.isTraitor(run.lane(i))) {
        out.append("<th class=\"num\">at r").append(i).append("</th>");
      }
    }
    out.append("<th class=\"num\">all</th><th>first</th><th>also expected by</th></tr></thead>");
    ledger.rows().forEach(row -> row(out, run, row));
    return out.append("</table></div>").toString();
  }

  private static void row(StringBuilder out, RunRecord run, Ledger.Row row) {
    Reason reason = row.reason();
    RunRecord.Refusal first = row.first();
    out.append("<tr><td><span class=\"refusal\">").append(row.number()).append("</span></td><td>");
    out.append("<code>").append(reason).append("</code><div class=\"sub\">");
    out.append(Html.escape(reason.meaning())).append("</div></td><td>").append(first.kind());
    String bad = first.sender() >= 0 && run.isTraitor(first.sender()) ? " class=\"bad\"" : "";
    out.append("</td><td").append(bad).append('>').append(run.name(first.sender())).append("</td>");
    for (int i = 0; i < run.n(); i++) {
      int lane = run.lane(i);
      if (!run.isTraitor(lane)) {
        int count = row.byReceiver().getOrDefault(lane, 0);
        out.append("<td class=\"num\">").append(count == 0 ? "·" : count).append("</td>");
      }
    }
    List<Integer> shown = first.flight() < 0 ? List.of() : List.of(first.flight());
    String jump =
        Html.jump(first.atMicros(), first.atMicros(), shown, Html.millis(first.atMicros()));
    out.append("<td class=\"num\"><b>").append(row.count()).append("</b></td><td>").append(jump);
    out.append("</td><td class=\"sub\">").append(entries(reason)).append("</td></tr>");
  }

  /** Entries of the catalogue that are refused for the reason. */
  private static String entries(Reason reason) {
    List<Entry> entries =
        Catalogue.entries().stream()
            .filter(e -> e.isPlayable() && e.expected().contains("refused " + reason.name()))
            .toList();
    String shown =
        entries.stream()
            .limit(SHOWN_ENTRIES)
            .map(e -> "<abbr title=\"" + Html.escape(e.name()) + "\">" + e.id() + "</abbr>")
            .collect(Collectors.joining(" "));
    int more = entries.size() - SHOWN_ENTRIES;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
