package io.pbft.lab.scenario;

import java.util.List;

/** Scenarios as text, and back: {@code parse(print(s)).equals(s)}. */
public final class ScenarioText {
  private ScenarioText() {}

  /**
   * Parses a {@code .traitor} file's text.
   *
   * @throws ScriptException where it is no scenario, with line, column and what was expected
   */
  public static Scenario parse(String text) {
    ScenarioParser parser = new ScenarioParser();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      parser.line(lines.get(i), i + 1);
    }
    return parser.finish(lines.size() + 1);
  }

  /** The text of a scenario; parses to an equal one. */
  public static String print(Scenario scenario) {
    StringBuilder out = new StringBuilder("scenario \"" + scenario.title() + "\"");
    scenario.ids().forEach(id -> out.append(' ').append(id));
    line(out, scenario.cluster());
    line(out, scenario.network());
    scenario.timeline().forEach(rule -> rule(out, rule));
    scenario.clients().forEach(client -> line(out, client));
    for (TraitorSpec traitor : scenario.traitors()) {
      out.append("\ntraitor ").append(traitor.who());
      out.append(traitor.colluding() ? " colluding" : "");
      out.append(traitor.plays() == null ? "" : " plays " + traitor.plays());
      traitor.rules().forEach(rule -> rule(out, rule));
    }
    scenario.expectations().forEach(claim -> out.append("\nexpect ").append(claim));
    out.append("\nrun ").append(scenario.duration());
    if (scenario.replay().has("seed") || scenario.replay().has("without")) {
      line(out, scenario.replay());
    }
    return out.append('\n').toString();
  }

  private static void line(StringBuilder out, Phrase phrase) {
    out.append('\n').append(phrase);
  }

  private static void rule(StringBuilder out, Rule rule) {
    out.append("\n  ").append(rule.once() ? "once " : "");
    boolean timed = rule.trigger().head().equals("at") || rule.trigger().head().equals("every");
    out.append(timed || rule.once() ? "" : "when ");
    out.append(rule.trigger()).append(" : ").append(rule.action());
  }
}
