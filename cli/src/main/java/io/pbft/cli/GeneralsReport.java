package io.pbft.cli;

import io.pbft.compare.generals.Campaign;
import io.pbft.compare.generals.Formulas;
import io.pbft.compare.generals.Narrative;
import io.pbft.compare.generals.Outcome;
import io.pbft.compare.generals.exhaustive.ResultTable;
import io.pbft.compare.generals.exhaustive.ResultTable.Row;
import io.pbft.compare.generals.exhaustive.Tally;
import io.pbft.compare.generals.exhaustive.Trial;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what the generals did, as a story or as JSON. Each method says whether it all held. */
final class GeneralsReport {
  private final Console console;
  private final boolean json;

  GeneralsReport(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /** One battle. */
  boolean battle(Outcome outcome, boolean signed, String script, int mostTold) {
    boolean held = outcome.ic1() && outcome.ic2();
    if (json) {
      console.say(Json.write(fields(outcome, signed, script)));
      return held;
    }
    Campaign campaign = outcome.campaign();
    Narrative narrative = new Narrative(outcome, signed);
    console.say(
        String.format(
            "%s(%d), %d generals, traitors %s (%s); the commander's order: %s",
            signed ? "SM" : "OM",
            campaign.m(),
            campaign.generals(),
            campaign.traitors(),
            script,
            campaign.order()));
    narrative.rounds(mostTold).forEach(console::say);
    narrative.decisions().forEach(console::say);
    narrative.refusals().forEach(line -> console.say("refused: " + line));
    console.say(messages(outcome, signed));
    return held;
  }

  private static BigInteger formula(Campaign campaign, boolean signed) {
    return signed
        ? BigInteger.valueOf(Formulas.signedMessages(campaign.generals(), campaign.m()))
        : Formulas.oralMessages(campaign.generals(), campaign.m());
  }

  private static String messages(Outcome outcome, boolean signed) {
    Campaign campaign = outcome.campaign();
    String packets =
        signed
            ? ""
            : "; merged into one packet a pair and round: "
                + outcome.packets()
                + " (formula "
                + Formulas.oralPackets(campaign.generals(), campaign.m())
                + ")";
    return "messages: "
        + outcome.messages()
        + " (formula, nobody withholding"
        + (signed ? ", loyal commander: " : ": ")
        + formula(campaign, signed)
        + ")"
        + packets;
  }

  private static Map<String, Object> fields(Outcome outcome, boolean signed, String script) {
    Campaign campaign = outcome.campaign();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("algorithm", signed ? "sm" : "om");
    fields.put("generals", campaign.generals());
    fields.put("rounds", campaign.m());
    fields.put("traitors", new ArrayList<>(campaign.traitors()));
    fields.put("script", script);
    fields.put("order", campaign.order());
    fields.put("decisions", outcome.decisions());
    fields.put("ic1", outcome.ic1());
    fields.put("ic2", campaign.commanderIsLoyal() ? outcome.ic2() : null);
    fields.put("messages", outcome.messages());
    fields.put("messagesFormula", formula(campaign, signed));
    if (!signed) {
      fields.put("packets", outcome.packets());
      fields.put("packetsFormula", Formulas.oralPackets(campaign.generals(), campaign.m()));
    }
    Map<String, Long> refused = new LinkedHashMap<>();
    outcome.told().stream()
        .filter(told -> told.verdict().isRefusal())
        .forEach(told -> refused.merge(told.verdict().name(), 1L, Long::sum));
    fields.put("refused", refused);
    List<Map<String, Object>> told = new ArrayList<>();
    outcome.told().forEach(each -> told.add(message(each)));
    fields.put("told", told);
    return fields;
  }

  private static Map<String, Object> message(Outcome.Told told) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("round", told.round());
    fields.put("from", told.from());
    fields.put("to", told.to());
    fields.put("path", told.path());
    fields.put("order", told.order());
    fields.put("verdict", told.verdict().name());
    return fields;
  }

  /** Every behaviour of one case. */
  boolean trial(Trial trial) {
    Trial.Result result = trial.run();
    if (json) {
      console.say(Json.write(fields(trial, result)));
      return result.tally().holds();
    }
    console.say(
        String.format("%s, up to %d traitors, every behaviour:", name(trial), trial.most()));
    console.say("behaviours " + tally(result.tally()));
    if (!result.withTalkAmongTraitors().equals(result.tally())) {
      console.say(
          "counting what traitors say to each other: " + tally(result.withTalkAmongTraitors()));
    }
    console.say(crossCheck(result));
    if (result.witness() != null) {
      witness(trial, result.witness()).forEach(console::say);
    }
    return result.tally().holds();
  }

  private static String name(Trial trial) {
    return String.format(
        "%s(%d), %d generals", trial.signed() ? "SM" : "OM", trial.m(), trial.generals());
  }

  private static String tally(Tally tally) {
    return String.format(
        "%s, IC1 violated %s times, IC2 %s times",
        compact(tally.behaviours()), compact(tally.ic1()), compact(tally.ic2()));
  }

  /** In full up to fifteen digits. */
  private static String compact(BigInteger number) {
    String digits = number.toString();
    return digits.length() <= 15
        ? digits
        : digits.charAt(0) + "." + digits.substring(1, 3) + "e" + (digits.length() - 1);
  }

  private static String crossCheck(Trial.Result result) {
    return String.format(
        "by the set method; %d of the %d kinds of traitor sets enumerated one by one as well, with"
            + " the same outcomes",
        result.enumerated(), result.sets());
  }

  private static List<String> witness(Trial trial, Trial.Witness witness) {
    Campaign campaign = witness.campaign();
    List<String> lines = new ArrayList<>();
    lines.add(
        "witness: traitors "
            + campaign.traitors()
            + (campaign.commanderIsLoyal() ? ", the commander orders " + campaign.order() : ""));
    lines.add(String.format("  %-12s %s", "path", "value per receiver"));
    Map<String, List<String>> byPath = new LinkedHashMap<>();
    witness
        .table()
        .entries()
        .forEach(
            (entry, order) ->
                byPath
                    .computeIfAbsent(entry.path().toString(), p -> new ArrayList<>())
                    .add(entry.to() + ": " + order));
    byPath.forEach(
        (path, values) -> lines.add(String.format("  %-12s %s", path, String.join(", ", values))));
    if (trial.relayLimit() == trial.m()) {
      lines.add("  play it: pbft " + replay(trial, witness));
    }
    return lines;
  }

  private static String replay(Trial trial, Trial.Witness witness) {
    Campaign campaign = witness.campaign();
    String who = String.join(",", campaign.traitors().stream().map(String::valueOf).toList());
    return String.format(
        "generals --algorithm %s --generals %d --traitors %d --rounds %d --order %s --who %s"
            + " --script 'table:%s'",
        trial.signed() ? "sm" : "om",
        campaign.generals(),
        campaign.traitors().size(),
        campaign.m(),
        campaign.order().name().toLowerCase(Locale.ROOT),
        who,
        witness.table());
  }

  private static Map<String, Object> fields(Trial trial, Trial.Result result) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("algorithm", trial.signed() ? "sm" : "om");
    fields.put("generals", trial.generals());
    fields.put("rounds", trial.m());
    fields.put("relayLimit", trial.relayLimit());
    fields.put("fewestTraitors", trial.fewest());
    fields.put("mostTraitors", trial.most());
    fields.put("behaviours", result.tally().behaviours());
    fields.put("ic1Violations", result.tally().ic1());
    fields.put("ic2Violations", result.tally().ic2());
    fields.put("behavioursWithTalk", result.withTalkAmongTraitors().behaviours());
    fields.put("enumeratedSets", result.enumerated());
    fields.put("sets", result.sets());
    fields.put("witness", result.witness() == null ? null : result.witness().table().toString());
    fields.put(
        "witnessTraitors",
        result.witness() == null ? null : new ArrayList<>(result.witness().campaign().traitors()));
    return fields;
  }

  /** The known cases; true when every number is as expected. */
  boolean table() {
    List<Row> rows = ResultTable.rows();
    boolean equal = rows.stream().allMatch(Row::equal);
    if (json) {
      rows.forEach(row -> console.say(Json.write(fields(row))));
      return equal;
    }
    String format = "%-44s %16s %13s %13s  %-19s %-7s %s";
    console.say(
        String.format(
            format,
            "case",
            "behaviours",
            "IC1 violated",
            "IC2 violated",
            "expected",
            "equal?",
            "checked"));
    for (Row row : rows) {
      console.say(
          String.format(
              format,
              row.name() + (row.countsTalk() ? " *" : ""),
              compact(row.tally().behaviours()),
              compact(row.tally().ic1()),
              compact(row.tally().ic2()),
              row.behaviours() + " / " + row.ic1() + " / " + row.ic2(),
              row.equal() ? "yes" : "NO",
              row.result() == null ? "-" : row.result().enumerated() + "/" + row.result().sets()));
    }
    console.say("expected: behaviours / IC1 / IC2, from an independent enumeration; - unknown");
    console.say(
        "checked: of the kinds of traitor sets, how many were enumerated one by one as well");
    rows.stream().filter(Row::countsTalk).forEach(row -> console.say(talk(row)));
    for (Row row : rows) {
      if (row.result() != null && row.result().witness() != null) {
        console.say("");
        console.say(row.name());
        witness(row.trial(), row.result().witness()).forEach(console::say);
      }
    }
    return equal;
  }

  private static String talk(Row row) {
    return "* counts what traitors say to each other, which no loyal general hears; without: "
        + tally(row.result().tally());
  }

  private static Map<String, Object> fields(Row row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("case", row.name());
    fields.put("behaviours", row.tally().behaviours());
    fields.put("ic1Violations", row.tally().ic1());
    fields.put("ic2Violations", row.tally().ic2());
    fields.put("expectedBehaviours", row.behaviours());
    fields.put("expectedIc1", row.ic1());
    fields.put("expectedIc2", row.ic2());
    fields.put("equal", row.equal());
    fields.put("countsTalkAmongTraitors", row.countsTalk());
    if (row.result() != null) {
      fields.put("detail", fields(row.trial(), row.result()));
    }
    return fields;
  }
}
