package io.pbft.cli;

import io.pbft.lab.matrix.Kill;
import io.pbft.lab.matrix.KillMatrix;
import io.pbft.lab.matrix.KillMatrix.Row;
import io.pbft.lab.matrix.KillSearch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "matrix",
    description = {
      "Switch off each defence of the code once, and show which attack then breaks what.",
      "Plays the recorded killers. Defences that survive are listed with the reason."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every defence has a killer or an explanation",
      "1:a recorded killer does not kill any more, or a defence is not accounted for",
      "2:there is no such defence"
    })
final class LabMatrixCommand implements Callable<Integer> {
  /** What became of a row. */
  private record Line(Row row, Kill kill) {
    boolean isAsRecorded() {
      return !row.hasKiller() || (kill != null && kill.breaks().equals(row.breaks()));
    }
  }

  @ParentCommand private LabCommand lab;

  @Parameters(
      arity = "0..*",
      paramLabel = "DEFENCE",
      description = "Only these, such as BAD_AUTH or 'timer REQUEST' (default: all).")
  private List<String> wanted = List.of();

  @Option(
      names = "--search",
      description = "Try all attacks instead of the recorded one (about half a minute a defence).")
  private boolean search;

  private final Console console;

  LabMatrixCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    List<Line> lines = new ArrayList<>();
    for (Row row : rows()) {
      Line line = new Line(row, kill(row));
      lines.add(line);
      if (!lab.json()) {
        console.say(text(line));
      }
    }
    List<String> holes = wanted.isEmpty() ? KillMatrix.unaccounted() : List.of();
    if (lab.json()) {
      console.say(Json.write(lines.stream().map(LabMatrixCommand::object).toList()));
    } else {
      holes.forEach(name -> console.say(name + ": neither killer nor explanation"));
      console.say(summary(lines));
    }
    boolean holds = search || lines.stream().allMatch(Line::isAsRecorded);
    return holds && holes.isEmpty() ? 0 : 1;
  }

  private Kill kill(Row row) {
    if (search) {
      return KillSearch.find(row.weakness());
    }
    return row.hasKiller() ? row.play() : null;
  }

  private List<Row> rows() throws CliException {
    List<Row> rows = new ArrayList<>(KillMatrix.rows());
    List<String> known = rows.stream().map(r -> r.weakness().name()).toList();
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw CliException.wrong(
            "no defence '" + name + "'; there are: " + String.join(", ", known));
      }
    }
    rows.removeIf(row -> !wanted.isEmpty() && !wanted.contains(row.weakness().name()));
    return rows;
  }

  private static String text(Line line) {
    String defence = line.row().weakness().name();
    Kill kill = line.kill();
    if (kill != null) {
      String what = kill.isHarm() ? "breaks " : "shows in ";
      String note = line.row().note().isBlank() ? "" : " (" + line.row().note() + ")";
      return String.format(
          Locale.ROOT, "%-30s %-30s %s%s", defence, kill.attack(), what + kill.breaks(), note);
    }
    String why =
        line.row().hasKiller() ? "NOT KILLED by " + line.row().attack() : line.row().note();
    return String.format(Locale.ROOT, "%-30s %-30s %s", defence, "-", why);
  }

  private static String summary(List<Line> all) {
    List<Line> lines = all.stream().filter(line -> !line.row().isPair()).toList();
    long killed = lines.stream().filter(l -> l.kill() != null).count();
    long harm = lines.stream().filter(l -> l.kill() != null && l.kill().isHarm()).count();
    return String.format(
        Locale.ROOT,
        "%d defences: %d killed (%d with harm, %d by a missing refusal only), %d survive",
        lines.size(),
        killed,
        harm,
        killed - harm,
        lines.size() - killed);
  }

  private static Map<String, Object> object(Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("defence", line.row().weakness().name());
    fields.put("killed", line.kill() != null);
    fields.put("killer", line.kill() == null ? null : line.kill().attack().toString());
    fields.put("breaks", line.kill() == null ? null : line.kill().breaks());
    fields.put("harm", line.kill() != null && line.kill().isHarm());
    fields.put("note", line.row().note());
    return fields;
  }
}
