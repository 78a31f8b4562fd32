package io.pbft.cli;

import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.play.Played;
import io.pbft.lab.report.ReportSite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "report",
    description = {
      "Play the whole catalogue at 4 and at 7 replicas, and write a page for each run and an index.",
      "One run's page: 'pbft lab play ID --report OUT.html'."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every run was as expected or inconclusive",
      "1:an expectation failed",
      "2:the directory cannot be written"
    })
final class LabReportCommand implements Callable<Integer> {
  @ParentCommand private LabCommand lab;

  @Option(
      names = "--all",
      paramLabel = "DIR",
      required = true,
      description = "Where index.html and the pages go.")
  private Path directory;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of everything that is left to chance (default: ${DEFAULT-VALUE}).")
  private long seed;

  private final Console console;

  LabReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException {
    Map<Played.Verdict, Integer> verdicts;
    try {
      verdicts = ReportSite.write(directory, Catalogue.entries(), seed, this::progress);
    } catch (IOException e) {
      throw CliException.wrong("--all: cannot write to " + directory + ": " + e);
    }
    if (console.terminalErr()) {
      console.complain("");
    }
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("index", directory.resolve("index.html").toString());
    verdicts.forEach((verdict, count) -> counts.put(verdict.words(), count));
    console.say(lab.json() ? Json.write(counts) : line(counts));
    return verdicts.containsKey(Played.Verdict.VIOLATED) ? 1 : 0;
  }

  private static String line(Map<String, Object> counts) {
    StringBuilder line = new StringBuilder();
    counts.forEach(
        (what, count) -> line.append(what.equals("index") ? count : ", " + count + " " + what));
    return line.toString();
  }

  /** Only on a terminal, on one line. */
  private void progress(String page) {
    if (console.terminalErr()) {
      console.err().print("\r" + page + "   ");
      console.err().flush();
    }
  }
}
