package io.pbft.bench.process;

import io.pbft.bench.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A client that is not in the figures of the honest ones, in a process of its own, so that what it
 * costs itself is known. Or nobody.
 */
public final class Rival implements AutoCloseable {
  /** Starts one. */
  public interface Start {
    Rival at(Path cluster) throws Exception;
  }

  /**
   * What one did in some time; nothing, when it does not wait for answers.
   *
   * @param answered operations that it has had answers to
   * @param backedOff requests that it put off because replicas were busy
   * @param retransmitted requests that it sent to all
   */
  public record Since(long answered, long backedOff, long retransmitted) {}

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

  public static Rival nobody(Path unusedCluster) throws IOException {
    return new Rival();
  }

  /** A {@link Greedy} client with so many operations in flight, each so many bytes long. */
  public static Rival greedy(Path cluster, int client, int sessions, int inFlight, int bytes)
      throws IOException {
    return new Rival(
        Greedy.class,
        true,
        List.of(cluster.toString(), "" + client, "" + sessions, "" + inFlight, "" + bytes));
  }

  /** One that listens to nothing: a program of its own, which says when it is ready. */
  public static Rival deaf(Class<?> main, List<String> arguments) throws IOException {
    return new Rival(main, false, arguments);
  }

  /** Processor time so far. */
  public Duration cpu() {
    return process.cpu();
  }

  /** What it did since this was asked last, or its start. */
  public Since look() throws IOException {
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
  public void checkAlive() throws IOException {
    process.checkAlive();
  }

  @Override
  public void close() throws InterruptedException, IOException {
    process.close();
    Directories.delete(logs);
  }
}
