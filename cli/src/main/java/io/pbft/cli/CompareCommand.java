package io.pbft.cli;

import io.pbft.compare.cost.CostTable;
import io.pbft.compare.cost.Line;
import io.pbft.compare.cost.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "compare",
    description = {
      "What a failure-free request costs in PBFT, Raft, Paxos and ZAB, in virtual time: messages by"
          + " type, with the client and between replicas apart, message delays, the busiest"
          + " replica. Each number beside its formula, at the same number of tolerated faults and at"
          + " the same number of replicas.",
      "Exits with 1 when a measured number is not what the formula says."
    })
final class CompareCommand implements Callable<Integer> {
  private static final int MOST_FAULTS = 10;

  @ParentCommand private PbftCommand root;

  @Option(
      names = "--faults",
      paramLabel = "F",
      split = ",",
      defaultValue = "1,2,3",
      description = "How many faults are tolerated (default: ${DEFAULT-VALUE}).")
  private TreeSet<Integer> faults;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write compare.csv and compare.json into this directory, too.")
  private Path out;

  private final Console console;

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    for (int f : faults) {
      if (f < 1 || f > MOST_FAULTS) {
        throw CliException.wrong("--faults goes from 1 to " + MOST_FAULTS + ", not " + f);
      }
    }
    List<Line> sameFaults = new ArrayList<>();
    List<Line> sameSize = new ArrayList<>();
    for (int f : faults) {
      for (Protocol protocol : Protocol.values()) {
        progress(protocol, f);
        sameFaults.addAll(CostTable.of(protocol, protocol.replicas(f)));
        if (!protocol.isByzantine()) {
          sameSize.addAll(CostTable.of(protocol, Protocol.PBFT_MAC.replicas(f)));
        }
      }
    }
    List<Line> all = new ArrayList<>(sameFaults);
    all.addAll(sameSize);
    if (root.json()) {
      all.forEach(line -> console.say(Json.write(fields(line))));
    } else {
      print(sameFaults, sameSize);
    }
    if (out != null) {
      write(all);
    }
    return all.stream().allMatch(Line::equal) ? 0 : 1;
  }

  private void progress(Protocol protocol, int f) {
    if (console.terminalErr()) {
      console.complain("measuring " + protocol.title() + ", f=" + f);
    }
  }

  private void print(List<Line> sameFaults, List<Line> sameSize) {
    CostTable.RULES.forEach(rule -> console.say("- " + rule));
    console.say("");
    console.say("At the same number of tolerated faults, per request");
    printTable(sameFaults);
    console.say("");
    console.say("The crash-tolerant ones with as many replicas as PBFT, per request");
    printTable(sameSize.stream().filter(line -> !line.quantity().startsWith(" ")).toList());
    console.say("");
    console.say(CostTable.PBFT_COUNTS);
    List<Line> wrong = new ArrayList<>(sameFaults);
    wrong.addAll(sameSize);
    wrong.removeIf(Line::equal);
    console.say(
        wrong.isEmpty()
            ? "Every measured number is what its formula says."
            : wrong.size() + " measured numbers are not what their formulas say.");
  }

  private void printTable(List<Line> lines) {
    String format = "%-22s %2s %3s  %-46s %-10s %7s %9s  %s";
    console.say(
        String.format(
            format, "protocol", "f", "n", "quantity", "formula", "value", "measured", "equal?"));
    for (Line line : lines) {
      console.say(
          String.format(
              format,
              line.protocol().title(),
              line.f(),
              line.n(),
              line.quantity(),
              line.formula(),
              line.expected(),
              line.measured(),
              line.equal() ? "yes" : "NO"));
    }
  }

  private static Map<String, Object> fields(Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("protocol", line.protocol().title());
    fields.put("f", line.f());
    fields.put("n", line.n());
    fields.put("quantity", line.quantity().strip());
    fields.put("formula", line.formula());
    fields.put("expected", line.expected());
    fields.put("requests", line.requests());
    fields.put("sent", line.total());
    fields.put("delivered", line.delivered());
    fields.put("equal", line.equal());
    return fields;
  }

  private void write(List<Line> lines) throws CliException {
    List<String> csv = new ArrayList<>();
    List<Map<String, Object>> json = new ArrayList<>();
    for (Line line : lines) {
      Map<String, Object> fields = fields(line);
      if (csv.isEmpty()) {
        csv.add(String.join(",", fields.keySet()));
      }
      csv.add(String.join(",", fields.values().stream().map(CompareCommand::cell).toList()));
      json.add(fields);
    }
    try {
      Files.createDirectories(out);
      Files.write(out.resolve("compare.csv"), csv);
      Files.writeString(out.resolve("compare.json"), Json.write(json) + "\n");
    } catch (IOException e) {
      throw CliException.wrong("--out " + out + " cannot be written: " + e.getMessage());
    }
  }

  private static String cell(Object value) {
    String text = value.toString();
    return text.contains(",") ? '"' + text + '"' : text;
  }
}
