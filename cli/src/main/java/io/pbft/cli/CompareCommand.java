package io.pbft.cli;

import io.pbft.compare.report.Comparison;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "compare",
    description = {
      "What a request costs in PBFT, Raft, Paxos and ZAB, in virtual time: messages by type, with"
          + " the client and between replicas apart, message delays, the busiest replica, bytes, MACs"
          + " and signatures; and what idleness and a leader's death cost. Each number beside its"
          + " formula, at the same number of tolerated faults and at the same number of replicas.",
      "Then one lie is told to each: a leader that proposes something else to one follower.",
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
      description = "Write index.html, compare.csv and compare.json into this directory, too.")
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
    Comparison comparison = Comparison.measure(faults, this::progress);
    CompareReport report = new CompareReport(console, comparison);
    if (root.json()) {
      report.json();
    } else {
      report.text();
    }
    if (out != null) {
      report.write(out);
    }
    return exitCode(comparison);
  }

  static int exitCode(Comparison comparison) {
    return comparison.isAsTheFormulasSay() ? 0 : 1;
  }

  private void progress(String what) {
    if (console.terminalErr()) {
      console.complain("measuring " + what);
    }
  }
}
