package io.pbft.cli;

import io.pbft.compare.cost.CostTable;
import io.pbft.compare.cost.Line;
import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.lie.Told;
import io.pbft.compare.report.Comparison;
import io.pbft.compare.report.Headline;
import io.pbft.compare.report.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints a comparison, and writes its files. */
final class CompareReport {
  private final Console console;
  private final Comparison comparison;

  CompareReport(Console console, Comparison comparison) {
    this.console = console;
    this.comparison = comparison;
  }

  /** One object a line. */
  void json() {
    comparison.all().forEach(line -> console.say(Json.write(fields(line))));
    comparison.lies().forEach(told -> console.say(Json.write(fields(told))));
  }

  void text() {
    console.say(Headline.of(comparison));
    console.say("");
    CostTable.RULES.forEach(rule -> console.say("- " + rule));
    for (Section section : Section.values()) {
      console.say("");
      console.say(section.title() + ", at the same number of tolerated faults");
      printTable(comparison.sameFaults().stream().filter(l -> l.section() == section).toList());
    }
    console.say("");
    console.say("The crash-tolerant ones with as many replicas as PBFT, per request");
    printTable(
        comparison.sameSize().stream()
            .filter(line -> line.section() == Section.REQUEST)
            .filter(line -> !line.quantity().startsWith(" "))
            .toList());
    lies();
    console.say("");
    console.say(CostTable.PBFT_COUNTS);
    long wrong = comparison.all().stream().filter(line -> !line.equal()).count();
    console.say(
        wrong == 0
            ? "Every measured number is what its formula says."
            : wrong + " measured numbers are not what their formulas say.");
  }

  private void printTable(List<Line> lines) {
    String format = "%-22s %2s %3s  %-60s %-33s %7s %9s  %s";
    console.say(
        String.format(
            format, "protocol", "f", "n", "quantity", "formula", "value", "measured", "equal?"));
    for (Line line : lines) {
      boolean formula = line.hasFormula();
      console.say(
          String.format(
              format,
              line.protocol().title(),
              line.f(),
              line.n(),
              line.quantity(),
              formula ? line.formula() : "-",
              formula ? line.expected() : "-",
              line.measured(),
              formula ? line.equal() ? "yes" : "NO" : "-"));
    }
  }

  private void lies() {
    console.say("");
    console.say(
        "A leader that lies to a follower: three writes, and the states of the others then");
    for (Told told : comparison.lies()) {
      console.say(
          String.format(
              "%-22s %2s  %-9s %-36s %s: %s",
              told.protocol(),
              told.n(),
              told.outcome(),
              String.join(", ", told.digests()),
              told.lie(),
              told.isNoticed() ? "noticed" : "nobody noticed"));
      told.aftermath().noticed().forEach(what -> console.say("    " + what));
    }
  }

  private static Map<String, Object> fields(Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("protocol", line.protocol().title());
    fields.put("f", line.f());
    fields.put("n", line.n());
    fields.put("section", line.section().name().toLowerCase(Locale.ROOT));
    fields.put("quantity", line.quantity().strip());
    fields.put("formula", line.formula());
    fields.put("expected", line.expected());
    fields.put("requests", line.requests());
    fields.put("sent", line.total());
    fields.put("delivered", line.delivered());
    fields.put("equal", line.equal());
    return fields;
  }

  private static Map<String, Object> fields(Told told) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("protocol", told.protocol());
    fields.put("n", told.n());
    fields.put("lie", told.lie());
    fields.put("outcome", told.outcome().name());
    fields.put("states", told.digests());
    fields.put("asked", told.aftermath().asked());
    fields.put("answered", told.aftermath().answered());
    fields.put("noticed", told.aftermath().noticed());
    return fields;
  }

  /** Writes compare.csv, compare.json, index.html, and the lab's pages that it leads to. */
  void write(Path directory) throws CliException {
    List<String> csv = new ArrayList<>();
    List<Map<String, Object>> lines = new ArrayList<>();
    for (Line line : comparison.all()) {
      Map<String, Object> fields = fields(line);
      if (csv.isEmpty()) {
        csv.add(String.join(",", fields.keySet()));
      }
      csv.add(String.join(",", fields.values().stream().map(CompareReport::cell).toList()));
      lines.add(fields);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("headline", Headline.of(comparison));
    json.put("costs", lines);
    json.put("lies", comparison.lies().stream().map(CompareReport::fields).toList());
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve("compare.csv"), csv);
      Files.writeString(directory.resolve("compare.json"), Json.write(json) + "\n");
      Files.writeString(directory.resolve("index.html"), Page.of(comparison));
      for (Told told : comparison.lies()) {
        if (told.page() != null) {
          told.page().write(directory);
        }
      }
    } catch (IOException e) {
      throw CliException.wrong("--out " + directory + " cannot be written: " + e.getMessage());
    }
  }

  private static String cell(Object value) {
    String text = value.toString();
    return text.contains(",") ? '"' + text + '"' : text;
  }
}
