package io.pbft.cli;

import io.pbft.node.ClusterConfig;
import io.pbft.node.Durability;
import io.pbft.node.FreshStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "cluster",
    description = {
      "Run all replicas of a cluster as child processes, their output prefixed with their numbers,"
          + " until interrupted. Exits with 1 when all of them have ended.",
      "In memory, the cluster starts empty each time. A replica that ends may be started again by"
          + " 'pbft replica', and fetches the state from the others."
    })
final class ClusterCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Parameters(paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Option(
      names = "--durability",
      paramLabel = "sync|async|memory",
      defaultValue = "sync",
      description = DurabilityOption.DESCRIPTION)
  private Durability durability;

  private final Console console;
  private final List<ReplicaProcess> replicas = new ArrayList<>();
  private final List<CompletableFuture<Integer>> exits = new ArrayList<>();
  private CompletableFuture<Void> announced;
  private volatile boolean stopping;

  ClusterCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    ClusterConfig config = ClusterConfig.load(directory);
    if (!FreshStart.anyJournal(directory, config)) {
      FreshStart.forgetAll(directory, config);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "stop"));
    for (int id = 0; id < config.replicas().size(); id++) {
      start(id);
    }
    announced =
        CompletableFuture.allOf(
                replicas.stream().map(ReplicaProcess::ready).toArray(CompletableFuture<?>[]::new))
            .thenRun(() -> say("cluster ready: " + replicas.size() + " replicas"));
    int worst = 0;
    for (CompletableFuture<Integer> exit : exits) {
      worst = Math.max(worst, exit.join());
    }
    stopping = true;
    announced.cancel(false);
    // The same wrong input at every replica is wrong input of this command.
    return worst == 2 ? 2 : 1;
  }

  private synchronized void start(int id) throws IOException {
    if (stopping) {
      return;
    }
    String prefix = "[" + id + "] ";
    ReplicaProcess replica =
        ReplicaProcess.start(
            directory,
            id,
            List.of("--durability", durability.name().toLowerCase(Locale.ROOT)),
            false,
            line -> say(prefix + line));
    replicas.add(replica);
    exits.add(
        replica
            .exit()
            .thenApply(
                code -> {
                  if (!stopping) {
                    console.complain("pbft: replica " + id + " has ended with exit code " + code);
                  }
                  return code;
                }));
  }

  private synchronized void say(String line) {
    console.say(line);
  }

  /** Runs when a signal ends this process, and must not leave its children behind. */
  private void stopAll() {
    if (stopping) {
      return;
    }
    stopping = true;
    List<ReplicaProcess> started;
    synchronized (this) {
      started = List.copyOf(replicas);
    }
    started.parallelStream().forEach(replica -> replica.stop(PATIENCE));
    Runtime.getRuntime().halt(0);
  }
}
