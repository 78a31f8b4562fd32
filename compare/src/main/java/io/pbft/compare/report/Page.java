package io.pbft.compare.report;

import io.pbft.compare.cost.CostTable;
import io.pbft.compare.cost.Line;
import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.cost.Protocol;
import io.pbft.compare.lie.Outcome;
import io.pbft.compare.lie.Told;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The comparison as one self-contained page: no script, nothing to fetch. */
public final class Page {
  private final Comparison comparison;
  private final StringBuilder out = new StringBuilder();

  private Page(Comparison comparison) {
    this.comparison = comparison;
  }

  public static String of(Comparison comparison) {
    Page page = new Page(comparison);
    page.head();
    page.lies();
    page.charts();
    page.ladders();
    page.rules();
    page.tables();
    page.out.append(end());
    return page.out.toString();
  }

  private static String style() {
    try (InputStream in = Page.class.getResourceAsStream("page.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String begin(String title) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + escape(title)
        + "</title>\n<style>\n"
        + style()
        + "</style>\n</head>\n<body>\n<main>\n<h1>"
        + escape(title)
        + "</h1>\n";
  }

  private static String end() {
    return "</main>\n</body>\n</html>\n";
  }

  /** A page of the same look with another content, in HTML. */
  public static String wrap(String title, String body) {
    return begin(title) + body + end();
  }

  /** Text for a page. */
  public static String escape(String text) {
    return Svg.escape(text);
  }

  /** A chart as a file of its own, which brings its colours with it. */
  public static String standalone(String svg) {
    int tagEnds = svg.indexOf('>');
    return svg.substring(0, tagEnds).replace("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ")
        + "><style>"
        + style()
        + "svg { background: var(--panel); }</style>"
        + svg.substring(tagEnds + 1);
  }

  private void head() {
    out.append(begin("What Byzantine tolerance costs"));
    element("p class=\"headline\"", Headline.of(comparison));
    long wrong = comparison.all().stream().filter(line -> !line.equal()).count();
    long checked = comparison.all().stream().filter(Line::hasFormula).count();
    element(
        "p",
        wrong == 0
            ? "All " + checked + " measured numbers that have a formula are what it says."
            : wrong + " of " + checked + " measured numbers are not what their formulas say.");
    element(
        "p class=\"note\"", "The same numbers are in compare.csv and compare.json beside this.");
  }

  private void element(String tag, String text) {
    String name = tag.split(" ", 2)[0];
    out.append('<').append(tag).append('>').append(Svg.escape(text));
    out.append("</").append(name).append(">\n");
  }

  private void lies() {
    element("h2", "One lie, several protocols");
    element(
        "p",
        "A client asks for three writes, one after the other. Of the second, the leader tells one"
            + " follower something else; otherwise it does all that the protocol wants. The states"
            + " are digests of what the others hold in the end.");
    out.append("<div class=\"wide\"><table>\n<tr>");
    for (String title : List.of("protocol", "n", "outcome", "states", "answered", "noticed")) {
      element("th", title);
    }
    out.append("</tr>\n");
    comparison.lies().forEach(this::lie);
    out.append("</table></div>\n");
  }

  private void lie(Told told) {
    Outcome outcome = told.outcome();
    out.append("<tr>");
    out.append("<td><b>").append(Svg.escape(told.protocol())).append("</b><br>");
    element("small", told.lie());
    if (told.page() != null) {
      out.append("<br><a href=\"").append(told.page().file());
      out.append("\">its run in the lab: who said what to whom</a>");
    }
    out.append("</td><td class=\"num\">").append(told.n()).append("</td><td>");
    element("span class=\"badge " + outcome.name().toLowerCase(Locale.ROOT) + "\"", outcome.name());
    out.append("</td><td><code>").append(String.join("<br>", told.digests()));
    out.append("</code></td><td class=\"num\">").append(told.aftermath().answered());
    out.append(" of ").append(told.aftermath().asked()).append("</td><td>");
    if (!told.isNoticed()) {
      out.append("nothing");
    }
    for (String what : told.aftermath().noticed()) {
      out.append("<small>").append(Svg.escape(what)).append("</small><br>");
    }
    out.append("</td></tr>\n");
  }

  private void charts() {
    Charts charts = new Charts(comparison);
    element("h2", "Messages, bytes, and what batches save");
    element("p class=\"note\"", "Lines are formulas, dots are measurements.");
    out.append("<div class=\"grid2\">\n");
    figure(
        "Messages between replicas for a request, at the same number of faults", charts.byFaults());
    figure("The same with the same number of replicas", charts.byReplicas());
    figure(
        "What grows is the total; the busiest replica's load stays at three times",
        charts.busiest());
    figure("Messages for a request, when several are agreed on together", charts.batches());
    figure("Bytes between replicas for a request, f=" + comparison.faults().get(0), charts.bytes());
    figure("Byzantine generals, nobody lying, and one request to PBFT", charts.generals());
    out.append("</div>\n");
    figure("Messages between replicas by type", Bars.svg(comparison));
    element("p class=\"note\"", CostTable.PBFT_COUNTS);
  }

  private void figure(String caption, String svg) {
    out.append("<figure>\n");
    element("figcaption", caption);
    out.append(svg).append("</figure>\n");
  }

  private void ladders() {
    int f = comparison.faults().get(0);
    element("h2", "Delays: one measured request in each protocol");
    element(
        "p class=\"note\"",
        "Time goes right, one column a message delay. Grey: with the client. What MicroRaft sends"
            + " beyond the textbook is left out.");
    out.append("<div class=\"grid2\">\n");
    for (Protocol protocol :
        List.of(Protocol.PBFT_MAC, Protocol.RAFT, Protocol.ZAB, Protocol.BASIC_PAXOS)) {
      long delays = (long) comparison.value(protocol, f, "delays, answered").orElseThrow();
      figure(
          protocol.title() + ": answered after " + delays + " delays",
          Ladder.svg(protocol.title(), protocol.measure(protocol.replicas(f))));
    }
    out.append("</div>\n");
  }

  private void rules() {
    element("h2", "How it is counted");
    out.append("<ul>\n");
    CostTable.RULES.forEach(rule -> element("li", rule));
    out.append("</ul>\n");
  }

  private void tables() {
    element("h2", "Every number");
    for (Section section : Section.values()) {
      for (int f : comparison.faults()) {
        table(
            section.title() + ", f=" + f,
            section == Section.REQUEST && f == comparison.faults().get(0),
            comparison.sameFaults().stream()
                .filter(line -> line.section() == section && line.f() == f)
                .toList());
      }
    }
    table("The crash-tolerant ones with as many replicas as PBFT", false, comparison.sameSize());
  }

  private void table(String title, boolean open, List<Line> lines) {
    out.append(open ? "<details open>" : "<details>");
    element("summary", title);
    out.append("<div class=\"wide\"><table>\n<tr>");
    for (String each :
        List.of("protocol", "n", "quantity", "formula", "value", "measured", "equal?")) {
      element("th", each);
    }
    out.append("</tr>\n");
    String last = "";
    for (Line line : lines) {
      row(line, line.protocol().title().equals(last));
      last = line.protocol().title();
    }
    out.append("</table></div></details>\n");
  }

  private void row(Line line, boolean again) {
    boolean part = line.quantity().startsWith(" ");
    boolean formula = line.hasFormula();
    out.append(again ? "<tr>" : "<tr class=\"first\">");
    element("td", again ? "" : line.protocol().title());
    element("td class=\"num\"", String.valueOf(line.n()));
    element(part ? "td class=\"part\"" : "td", line.quantity().strip());
    element("td class=\"formula\"", formula ? line.formula() : "");
    element("td class=\"num\"", formula ? String.valueOf(line.expected()) : "");
    element("td class=\"num\"", line.measured());
    String verdict = formula ? line.equal() ? "yes" : "NO" : "";
    element("td class=\"" + (line.equal() ? "yes" : "no") + "\"", verdict);
    out.append("</tr>\n");
  }
}
