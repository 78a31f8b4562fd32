package io.pbft.cli;

import io.pbft.cli.soak.Soak;
import io.pbft.cli.soak.SoakFailure;
import io.pbft.node.ConfigException;
import io.pbft.node.Durability;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "soak",
    hidden = true,
    description = {
      "For developers: four replica processes under load, killed with SIGKILL in random subsets, all"
          + " of them included, at random moments, and started again; after each round every"
          + " acknowledged write must be at every replica, and operations must go on.",
      "Exits with 1 at the first thing that does not hold, and keeps the replicas' files."
    })
final class SoakCommand implements Callable<Integer> {
  @ParentCommand private PbftCommand root;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "For how long (default: ${DEFAULT-VALUE}); one round at least.")
  private Duration duration;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the choices whom to kill and when (default: a random one, printed).")
  private Long seed;

  @Option(
      names = "--durability",
      paramLabel = "sync|async",
      defaultValue = "sync",
      description = DurabilityOption.DESCRIPTION)
  private Durability durability;

  private final Console console;

  SoakCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws CliException, ConfigException, IOException, InterruptedException {
    if (durability == Durability.MEMORY) {
      throw CliException.wrong("--durability memory: loses everything when all are killed");
    }
    long chosen = seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed;
    Soak soak = new Soak(chosen, durability, root.json() ? line -> {} : console::say);
    if (!root.json()) {
      console.say("seed " + chosen);
    }
    try {
      soak.run(duration);
    } catch (SoakFailure e) {
      throw CliException.failed(e.getMessage(), e);
    } finally {
      report(soak.figures());
    }
    return 0;
  }

  private void report(Map<String, Object> figures) {
    if (root.json()) {
      console.say(Json.write(figures));
    } else {
      figures.forEach((name, value) -> console.say(String.format("%-20s %s", name, value)));
    }
  }
}
