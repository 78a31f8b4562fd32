package io.pbft.bench.overload;

import io.pbft.bench.Directories;
import io.pbft.bench.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A client that is not in the figures of the honest ones, in a process of its own, so that what it
 * costs itself is known. Or nobody.
 */
final class Rival implements AutoCloseable {
  /** Starts one. */
  interface Start {
    Rival at(Path cluster) throws Exception;
  }

  /**
   * What one did in some time; nothing, when it does not wait for answers.
   *
   * @param answered operations that it has had answers to
   * @param backedOff requests that it put off because replicas were busy
   * @param retransmitted requests that it sent to all
   */
  record Since(long answered, long backedOff, long retransmitted) {}

  private final Path logs;
  private final Processes process;
  private final boolean answers;

  private Rival(Class<?> main, boolean answers, List<String> arguments) throws IOException {
    this.logs = Files.createTempDirectory("rival");
    this.process = new Processes(logs);
    this.answers = answers;
    process.launch(Processes.FLAGS, main, arguments);
    process.awaitReady();
  }

  /** Nobody. */
  private Rival() throws IOException {
    this.logs = Files.createTempDirectory("rival");
    this.process = new Processes(logs);
    this.answers = false;
  }

  static Rival nobody(Path unusedCluster) throws IOException {
    return new Rival();
  }

  /** A {@link Greedy} client with so many operations in flight, each so many bytes long. */
  static Rival greedy(Path cluster, int client, int sessions, int inFlight, int bytes)
      throws IOException {
    return new Rival(
        Greedy.class,
        true,
        List.of(cluster.toString(), "" + client, "" + sessions, "" + inFlight, "" + bytes));
  }

  /** A {@link Flooder} that sends so many requests of a size a second to each replica. */
  static Rival flooder(Path cluster, int client, Flooder.Mode mode, int perSecond, int bytes)
      throws IOException {
    return new Rival(
        Flooder.class,
        false,
        List.of(cluster.toString(), "" + client, mode.name(), "" + perSecond, "" + bytes));
  }

  /** Processor time so far. */
  Duration cpu() {
    return process.cpu();
  }

  /** What it did since this was asked last, or its start. */
  Since look() throws IOException {
    if (!answers) {
      return new Since(0, 0, 0);
    }
    String[] numbers = process.ask(0, "look").split(" ");
    return new Since(
        Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
  }

  /**
   * Says when it is gone.
   *
   * @throws IllegalStateException if it is
   */
  void checkAlive() throws IOException {
    process.checkAlive();
  }

  @Override
  public void close() throws InterruptedException, IOException {
    process.close();
    Directories.delete(logs);
  }
}
