package io.pbft.cli;

import io.pbft.cli.bench.BenchCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root: options that every command has. */
@Command(
    name = "pbft",
    description = "Byzantine fault-tolerant state machine replication: run a cluster, talk to it.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      InitCommand.class,
      ReplicaCommand.class,
      ClusterCommand.class,
      KvCommand.class,
      StatusCommand.class,
      BenchCommand.class,
      JournalCommand.class,
      RepairCommand.class,
      SoakCommand.class,
      LabCommand.class,
      CompareCommand.class,
      GeneralsCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:what was asked holds",
      "1:it does not (no answer, no such key, a conflict)",
      "2:wrong usage or input; standard error says what, in one line"
    },
    footerHeading = "%nFirst steps:%n",
    footer = {
      "  pbft demo",
      "  pbft init my-cluster && pbft cluster my-cluster",
      "  pbft kv my-cluster put greeting 'hello world'"
    })
public final class PbftCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli acts on it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure, and more of the log.")
  private boolean verbose;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print JSON, one value a line, where a table or a story is printed otherwise.")
  private boolean json;

  /** Whether stack traces are wanted. */
  public boolean verbose() {
    return verbose;
  }

  /** Whether JSON is to be printed. */
  public boolean json() {
    return json;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
