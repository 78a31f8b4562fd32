package io.pbft.lab.report;

import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.play.Finding;
import io.pbft.lab.play.Outcome.Judgement;
import io.pbft.lab.play.Outcome.Property;
import io.pbft.lab.play.Outcome.Standing;
import io.pbft.lab.play.Played;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts the page together from its template, its parts, the style and the scripts. */
final class PageWriter {
  private static final List<String> SCRIPTS =
      List.of("data", "scale", "draw", "rings", "view", "detail", "control", "export");
  private static final Set<String> PROPERTIES =
      Arrays.stream(Property.values())
          .map(p -> p.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.toSet());

  private final Played played;
  private final RunRecord run;
  private final RunRecord honest;
  private final Recovery recovery;
  private final ScriptShrinker.Shrunk shrunk;
  private final String replay;

  PageWriter(
      Played played,
      RunRecord run,
      RunRecord honest,
      Recovery recovery,
      ScriptShrinker.Shrunk shrunk,
      String replay) {
    this.played = played;
    this.run = run;
    this.honest = honest;
    this.recovery = recovery;
    this.shrunk = shrunk;
    this.replay = replay;
  }

  String html() {
    Digests digests = new Digests(run);
    Ledger ledger = new Ledger(run);
    String title = played.scenario().title();
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", Html.escape(title));
    parts.put("style", Resources.read("report/report.css"));
    parts.put("entries", entries());
    parts.put("pills", pills());
    parts.put("claims", claims());
    parts.put("facts", facts());
    parts.put("replay", Html.escape(replay));
    parts.put("cast", cast());
    parts.put("story", new StoryWriter(run, digests, recovery).html());
    parts.put("grid", new GridWriter(run, digests, recovery.slot()).html());
    parts.put("ledger", LedgerWriter.html(run, ledger));
    parts.put("service", new ServiceWriter(run, honest, recovery).html());
    parts.put("cost", new CostWriter(run, honest).html());
    parts.put("scripts", new ScriptWriter(played, run, shrunk).html());
    parts.put("data", new DataWriter(run, digests, ledger).write(recovery, title, replay));
    parts.put("code", SCRIPTS.stream().map(PageWriter::script).collect(Collectors.joining("\n")));
    return fill(Resources.read("report/page.html"), parts);
  }

  private static String script(String name) {
    return Resources.read("report/" + name + ".js");
  }

  /** Replaces {@code {{name}}}; what is put in is not looked at again. */
  static String fill(String template, Map<String, String> parts) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int open = template.indexOf("{{"); open >= 0; open = template.indexOf("{{", at)) {
      int close = template.indexOf("}}", open);
      out.append(template, at, open).append(parts.get(template.substring(open + 2, close)));
      at = close + 2;
    }
    return out.append(template.substring(at)).toString();
  }

  private String entries() {
    return played.scenario().ids().stream()
        .map(Catalogue::find)
        .filter(java.util.Objects::nonNull)
        .map(PageWriter::entry)
        .collect(Collectors.joining(" · "));
  }

  private static String entry(Entry entry) {
    String name = Html.escape(entry.name());
    return "<abbr title=\"" + Html.escape(entry.attack()) + "\">" + entry.id() + "</abbr> " + name;
  }

  private String pills() {
    StringBuilder out = new StringBuilder();
    Played.Verdict verdict = played.verdict();
    String kind = verdict == Played.Verdict.AS_EXPECTED ? "met" : "failed";
    kind = verdict == Played.Verdict.INCONCLUSIVE ? "open" : kind;
    out.append(pill(kind, verdict.words(), ""));
    for (Property property : Property.values()) {
      out.append(pill(property));
    }
    if (recovery.tookMicros() >= 0) {
      out.append(pill("fact", "recovered in " + Html.millis(recovery.tookMicros()), ""));
    }
    return out.toString();
  }

  /** As the scenario claims it, else as the oracles found it: they look at every property. */
  private String pill(Property property) {
    String name = property.name();
    for (Finding each : played.findings()) {
      if (each.claim().head().equalsIgnoreCase(name)) {
        return pill(kind(each.standing()), name, each.detail());
      }
    }
    Judgement found = played.properties().get(property);
    String detail = "checked, though the script does not claim it";
    String why = found.reason().isEmpty() ? detail : detail + ": " + found.reason();
    return pill(kind(found.standing()) + " unclaimed", name, why);
  }

  private static String kind(Standing standing) {
    return switch (standing) {
      case HOLDS -> "met";
      case VIOLATED -> "failed";
      case NOT_OWED -> "open";
    };
  }

  private static String pill(String kind, String text, String detail) {
    String sign =
        switch (kind.replace(" unclaimed", "")) {
          case "met" -> "<span aria-label=\"holds\">✓</span> ";
          case "failed" -> "<span aria-label=\"violated\">✗</span> ";
          case "open" -> "<span aria-label=\"not owed\">○</span> ";
          default -> "";
        };
    String tail = kind.startsWith("open") && !text.equals("inconclusive") ? " not owed" : "";
    tail += kind.endsWith("unclaimed") ? " <small>not claimed</small>" : "";
    return "<li class=\"pill "
        + kind
        + "\" title=\""
        + Html.escape(detail)
        + "\">"
        + sign
        + Html.escape(text)
        + tail
        + "</li>";
  }

  /** The other expectations, and why those that failed did. */
  private String claims() {
    StringBuilder out = new StringBuilder();
    for (Finding each : played.findings()) {
      if (!PROPERTIES.contains(each.claim().head()) || !each.isMet()) {
        String why = each.isMet() ? "" : " — " + Html.escape(each.detail());
        String sign = each.isMet() ? "✓" : "✗";
        out.append("<li class=\"")
            .append(kind(each.standing()))
            .append("\">")
            .append(sign)
            .append(" <code>");
        out.append(Html.escape(each.claim().toString())).append("</code>").append(why);
        out.append("</li>");
      }
    }
    played
        .idle()
        .forEach(
            rule ->
                out.append("<li class=\"open\">○ never applied: <code>")
                    .append(Html.escape(rule.trigger() + " : " + rule.action()))
                    .append("</code></li>"));
    return out.length() == 0 ? "" : "<ul class=\"claims\">" + out + "</ul>";
  }

  private String facts() {
    String fingerprint = played.fingerprint().toHex();
    return "seed <b>"
        + played.seed()
        + "</b> · fingerprint <b title=\""
        + fingerprint
        + "\">"
        + fingerprint.substring(0, 16)
        + "</b> · "
        + Html.count(run.flights.size(), "message")
        + " in <b>"
        + Html.millis(run.endMicros)
        + "</b> of virtual time · "
        + Html.count(run.refusals.size(), "refusal");
  }

  private String cast() {
    StringBuilder out = new StringBuilder();
    for (int lane = 0; lane < run.names.size(); lane++) {
      String kind = run.isTraitor(lane) ? "traitor" : run.isReplica(lane) ? "replica" : "client";
      out.append("<li class=\"who ").append(kind).append("\">").append(run.name(lane));
      out.append(kind.equals("traitor") ? " traitor" : "").append("</li>");
    }
    return out.toString();
  }
}
