package io.pbft.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The lab: scenarios and the catalogue of attacks. */
@Command(
    name = "lab",
    description =
        "Let scripted traitors loose on the production code, in a deterministic simulator.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LabRunCommand.class,
      LabPlayCommand.class,
      LabListCommand.class,
      LabSwarmCommand.class,
      LabTwinsCommand.class,
      LabExploreCommand.class,
      LabMatrixCommand.class,
      LabReportCommand.class
    })
final class LabCommand implements Runnable {
  @ParentCommand private PbftCommand root;

  @Spec private CommandSpec spec;

  boolean json() {
    return root.json();
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing command: run, play, list, swarm, twins, explore, matrix or report");
  }
}
