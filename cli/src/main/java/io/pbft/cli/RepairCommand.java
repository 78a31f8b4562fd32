package io.pbft.cli;

import io.pbft.node.ConfigException;
import io.pbft.node.ReplicaFiles;
import io.pbft.storage.JournalRepair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "repair",
    description = {
      "For a stopped replica that refuses to start from its journal or snapshots: say what is wrong"
          + " and what a repair would drop; with --yes (or your yes, on a terminal) move it aside, so"
          + " that the replica rejoins without state. It then fetches the state from the others, and"
          + " does not vote where it may have voted before. Touches nothing that is sound.",
      "One replica at a time: to repair more than f at once loses what only they knew.",
      "Exits with 1 when there is something to repair and it was not done."
    })
final class RepairCommand implements Callable<Integer> {
  @ParentCommand private PbftCommand root;

  @Parameters(index = "0", paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Parameters(index = "1", paramLabel = "ID", description = "Which replica, from 0.")
  private int id;

  @Option(names = "--yes", description = "Do it, without a question.")
  private boolean yes;

  private final Console console;

  RepairCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException, CliException, IOException {
    ReplicaFiles files = ReplicaFiles.of(directory, id);
    if (files.isRunning()) {
      throw CliException.failed(
          "replica " + id + " is running: stop it first, a repair takes its journal away");
    }
    JournalRepair.Plan plan = files.plan();
    if (plan.finding() == null) {
      report(plan, null);
      return 0;
    }
    if (!root.json()) {
      tell(plan);
    }
    Path aside = yes || isConfirmed() ? files.repair() : null;
    report(plan, aside);
    return aside == null ? 1 : 0;
  }

  private void tell(JournalRepair.Plan plan) {
    console.say("replica " + id + " can't start: " + plan.finding());
    plan.lines().forEach(console::say);
  }

  private boolean isConfirmed() throws IOException {
    if (!console.terminalIn() || !console.terminalOut() || root.json()) {
      return false;
    }
    console.out().print("do it? [yes/no] ");
    console.out().flush();
    String answer =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
    return "yes".equals(answer);
  }

  private void report(JournalRepair.Plan plan, Path aside) {
    if (root.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("replica", id);
      fields.put("finding", plan.finding());
      fields.put("plan", plan.lines());
      fields.put("movedTo", aside);
      console.say(Json.write(fields));
    } else if (plan.finding() == null) {
      console.say("the journal and the snapshots are sound: nothing to repair");
    } else if (aside == null) {
      console.say("nothing has been changed; --yes does it");
    } else {
      console.say("moved to " + aside + "; delete it when nobody wants to look at it any more");
      console.say("start replica " + id + ": it fetches the state, and votes again when it may");
    }
  }
}
