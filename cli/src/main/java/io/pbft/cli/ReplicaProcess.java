package io.pbft.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A replica in a process of its own: the same Java and classpath as this one's. It ends with this
 * process, however that ends, because its standard input does.
 */
public final class ReplicaProcess {
  /**
   * Several replicas on one machine share its cores: the collector without threads of its own, and
   * a heap that is a cap, not a reservation.
   */
  private static final List<String> JVM_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx512m",
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:+IgnoreUnrecognizedVMOptions");

  /** Netty looks for leaked buffers by a stack trace of every 128th: a thing for tests. */
  private static final String NO_LEAK_SEARCH = "-Dio.netty.leakDetection.level=disabled";

  /** For processes that live for seconds: compiled fast instead of well. */
  private static final List<String> SHORT_LIVED = List.of("-Xms32m", "-XX:TieredStopAtLevel=1");

  /**
   * What lives longer than a message does so until the next checkpoint: room for the garbage of
   * that time, and for what of it is alive when the collector comes. And the second compiler copies
   * less code into callers, so that it is done sooner. The two halves of AES-GCM are fast only
   * where it has compiled who calls them: thousands of calls, of which long messages make few. The
   * launcher says the same.
   */
  private static final List<String> LONG_LIVED =
      List.of(
          "-Xms256m",
          "-Xmn160m",
          "-XX:SurvivorRatio=2",
          "-XX:InlineSmallCode=1000",
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.GHASH::update,0.01",
          "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.CounterMode::crypt,0.01");

  /** The environment's further flags for each replica, separated by spaces; they come last. */
  private static final String FURTHER_FLAGS = "PBFT_REPLICA_OPTS";

  private final int id;
  private final Process process;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> exit;
  private final List<Thread> readers = new ArrayList<>();

  private ReplicaProcess(int id, Process process) {
    this.id = id;
    this.process = process;
    this.exit =
        process
            .onExit()
            .thenApply(
                ended -> {
                  ready.cancel(false);
                  return ended.exitValue();
                });
  }

  /**
   * Starts {@code pbft replica}.
   *
   * @param options further options of the command
   * @param shortLived whether it is to be ready soon rather than fast in the end
   * @param lines gets what the process prints, line by line, from threads of its own
   */
  public static ReplicaProcess start(
      Path directory, int id, List<String> options, boolean shortLived, Consumer<String> lines)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags(shortLived, System.getenv(FURTHER_FLAGS)));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of("replica", directory.toString(), Integer.toString(id)));
    command.add("--until-stdin-closes");
    command.addAll(options);
    ReplicaProcess started = new ReplicaProcess(id, new ProcessBuilder(command).start());
    started.read(started.process.getInputStream(), lines, true);
    started.read(started.process.getErrorStream(), lines, false);
    return started;
  }

  /**
   * The flags of a replica's JVM.
   *
   * @param further added last, so that they win; may be null
   */
  static List<String> flags(boolean shortLived, String further) {
    List<String> flags = new ArrayList<>(JVM_FLAGS);
    flags.add(NO_LEAK_SEARCH);
    flags.addAll(shortLived ? SHORT_LIVED : LONG_LIVED);
    if (further != null && !further.isBlank()) {
      flags.addAll(List.of(further.strip().split("\\s+")));
    }
    return flags;
  }

  private void read(InputStream stream, Consumer<String> lines, boolean mayBeReady) {
    Thread reader =
        new Thread(
            () -> {
              try (var in =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                  lines.accept(line);
                  if (mayBeReady && line.contains("ready")) {
                    ready.complete(null);
                  }
                }
              } catch (IOException e) {
                // The pipe of a killed process may break instead of ending.
                lines.accept("(output lost: " + e.getMessage() + ")");
              }
            },
            "replica-" + id + "-output");
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }

  public int id() {
    return id;
  }

  public long pid() {
    return process.pid();
  }

  /** Done once it serves; cancelled if it ends before. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Done, with the exit code, once it has ended. */
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Writes a line to its standard input. */
  public void tell(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("replica " + id + " does not listen", e);
    }
  }

  /** As this process's end would: the replica stops. */
  void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  /** SIGKILL: no time to say goodbye. Returns once the process is gone. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** SIGTERM, and SIGKILL if that does not end it within the time. */
  public void stop(Duration patience) {
    process.destroy();
    process.onExit().completeOnTimeout(process, patience.toMillis(), TimeUnit.MILLISECONDS).join();
    kill();
    for (Thread reader : readers) {
      try {
        reader.join(patience.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
