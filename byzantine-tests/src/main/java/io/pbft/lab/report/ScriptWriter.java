package io.pbft.lab.report;

import io.pbft.lab.play.Played;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;

/** The script that was played, beside the smallest found that shows the same. */
final class ScriptWriter {
  private final Played played;
  private final RunRecord run;
  private final ScriptShrinker.Shrunk shrunk;

  ScriptWriter(Played played, RunRecord run, ScriptShrinker.Shrunk shrunk) {
    this.played = played;
    this.run = run;
    this.shrunk = shrunk;
  }

  String html() {
    String original = ScenarioText.print(played.scenario());
    String left = figure("Original", "script", original, original(), "");
    if (shrunk.scenario().equals(played.scenario())) {
      return "<div class=\"scripts\">" + left + "</div><p class=\"hint\">" + nothing() + "</p>";
    }
    String text = ScenarioText.print(shrunk.scenario());
    String counts =
        counts(shrunk.scenario(), shrunk.operations(), shrunk.messages(), text.lines().count());
    String button = "<button type=\"button\" id=\"d-shrunk\">the shrunk script</button>";
    return "<div class=\"scripts\">"
        + left
        + figure("Shrunk", "shrunk", text, counts, button)
        + "</div><p class=\"hint\">"
        + tried()
        + same()
        + "</p>";
  }

  private static String figure(String name, String id, String text, String counts, String more) {
    return "<figure><figcaption><b>"
        + name
        + "</b>: "
        + counts
        + "</figcaption><pre id=\""
        + id
        + "\">"
        + Html.escape(text)
        + "</pre>"
        + more
        + "</figure>";
  }

  private String original() {
    long sent = run.flights.stream().filter(f -> f.fate != Flight.Fate.WITHHELD).count();
    long lines = ScenarioText.print(played.scenario()).lines().count();
    return counts(played.scenario(), played.completed(), sent, lines);
  }

  private static String counts(Scenario s, long operations, long messages, long lines) {
    long rules = s.timeline().size() + s.traitors().stream().mapToLong(t -> t.rules().size()).sum();
    return Html.count(lines, "line")
        + ", "
        + Html.count(rules, "rule")
        + ", "
        + Html.count(operations, "operation")
        + ", "
        + Html.count(messages, "message");
  }

  private String tried() {
    return "Found in "
        + Html.count(shrunk.plays(), "run")
        + (shrunk.isWhole() ? ": " : ", where the search was cut off: ");
  }

  private String same() {
    return played.verdict() == Played.Verdict.AS_EXPECTED
        ? "the same claims are met, for the same reasons something is refused, with less in it."
        : "the same claims are broken, with less in it.";
  }

  private String nothing() {
    return shrunk.plays() == 0
        ? "Too large a run to look for a smaller one here."
        : "Nothing can be taken out of it: "
            + Html.count(shrunk.plays(), "smaller script")
            + " tried, none of which shows the same"
            + (shrunk.isWhole() ? "." : "; then the search was cut off.");
  }
}
