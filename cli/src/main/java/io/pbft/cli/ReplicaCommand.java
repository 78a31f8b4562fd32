package io.pbft.cli;

import io.pbft.core.ReplicaCore;
import io.pbft.lab.traitor.Traitors;
import io.pbft.node.ClusterConfig;
import io.pbft.node.Durability;
import io.pbft.node.PbftReplica;
import io.pbft.node.ReplicaInfo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replica",
    description = {
      "Run one replica in the foreground. Prints a line with 'ready' and its address on standard"
          + " output once it serves; logs to standard error. SIGTERM stops it cleanly.",
    })
final class ReplicaCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The cluster's directory.")
  private Path directory;

  @Parameters(index = "1", paramLabel = "ID", description = "Which replica, from 0.")
  private int id;

  @Option(
      names = "--durability",
      paramLabel = "sync|async|memory",
      defaultValue = "sync",
      description = DurabilityOption.DESCRIPTION)
  private Durability durability;

  @Option(
      names = "--plays",
      paramLabel = "TRAITOR",
      hidden = true,
      description = "Run a traitor of the lab instead of an honest replica.")
  private String traitor;

  @Option(
      names = "--when-told",
      hidden = true,
      description = "With --plays: honest until a line 'now' arrives on standard input.")
  private boolean whenTold;

  @Option(
      names = "--until-stdin-closes",
      hidden = true,
      description = "Stop when standard input ends: the starter is gone, however it went.")
  private boolean untilStdinCloses;

  private final Console console;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile boolean failed;

  ReplicaCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Logging.service();
    ClusterConfig config = ClusterConfig.load(directory);
    Sleeper sleeper = new Sleeper(decoration(config), !whenTold);
    PbftReplica replica =
        PbftReplica.builder(directory, id).durability(durability).decorate(sleeper).start();
    stopOnSignal(replica);
    if (untilStdinCloses) {
      listen(sleeper);
    }
    sayReady(config, replica);
    CompletableFuture<Void> told =
        replica.stopped().whenComplete((gone, failure) -> stop.countDown());
    stop.await();
    told.cancel(false);
    // Not what is told by now: that is complete only after it has counted down.
    if (replica.stopped().isCompletedExceptionally()) {
      failed = true;
      Throwable cause = replica.stopped().handle((gone, wrapped) -> wrapped.getCause()).join();
      throw CliException.failed("replica " + id + " has stopped: " + reason(cause), cause);
    }
    replica.close();
    return 0;
  }

  private void sayReady(ClusterConfig config, PbftReplica replica) {
    if (replica.stopped().isDone()) {
      return;
    }
    ReplicaInfo self = config.replicas().get(id);
    console.say(
        String.format(
            "replica %d ready at %s:%d (service %s, durability %s)",
            id,
            self.host(),
            replica.port(),
            config.service(),
            durability.name().toLowerCase(Locale.ROOT)));
  }

  /** Of the disk's troubles the message says all; of a bug, only the log does. */
  private static String reason(Throwable cause) {
    boolean ofTheDisk = cause instanceof IOException || cause instanceof UncheckedIOException;
    return ofTheDisk ? cause.getMessage() : cause + " (the log says where)";
  }

  private UnaryOperator<ReplicaCore> decoration(ClusterConfig config) throws CliException {
    if (traitor == null) {
      return UnaryOperator.identity();
    }
    try {
      return Traitors.named(traitor, id, config.protocol().n());
    } catch (IllegalArgumentException e) {
      throw CliException.wrong(e.getMessage());
    }
  }

  /** A JVM that a signal ends exits with 128 + its number; a clean stop is a success. */
  private void stopOnSignal(PbftReplica replica) {
    Thread hook =
        new Thread(
            () -> {
              replica.close();
              Runtime.getRuntime().halt(failed ? 1 : 0);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void listen(Sleeper sleeper) {
    Thread listener =
        new Thread(
            () -> {
              try (var lines =
                  new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  if (line.equals("now")) {
                    sleeper.wake();
                  }
                }
              } catch (IOException e) {
                console.complain("pbft: standard input: " + e.getMessage());
              } finally {
                stop.countDown();
              }
            },
            "stdin");
    listener.setDaemon(true);
    listener.start();
  }
}
