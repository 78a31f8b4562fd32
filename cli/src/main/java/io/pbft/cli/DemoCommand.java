package io.pbft.cli;

import io.pbft.cli.demo.Demo;
import io.pbft.cli.demo.Narrator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "demo",
    description = {
      "See it work, in under a minute: four replica processes on this machine, a client that"
          + " writes and reads; the primary is killed, and comes back; a replica turns traitor"
          + " while it is primary. Every acknowledged write is read back at the end.",
      "Exits with 1 if anything acknowledged is missing or wrong, or a step did not happen. Uses a"
          + " temporary directory and free ports, and leaves nothing behind."
    })
final class DemoCommand implements Callable<Integer> {
  @ParentCommand private PbftCommand root;

  private final Console console;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Demo demo = new Demo(new Narrator(console, root.json()));
    boolean held = demo.run();
    if (root.json()) {
      console.say(Json.write(demo.figures()));
    }
    return held ? 0 : 1;
  }
}
