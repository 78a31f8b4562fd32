package io.pbft.bench.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Java processes with this one's classpath, each of which prints {@code ready} once it serves. Not
 * thread safe.
 */
public final class Processes implements AutoCloseable {
  /** As the {@code pbft} command starts replicas. */
  public static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms256m",
          "-Xmn160m",
          "-XX:SurvivorRatio=2",
          "-Xmx512m",
          "-XX:InlineSmallCode=1000",
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.GHASH::update,0.01",
          "-XX:CompileCommand=CompileThresholdScaling,com.sun.crypto.provider.CounterMode::crypt,0.01",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto",
          "-Dio.netty.leakDetection.level=disabled");

  private static final int PATIENCE_SECONDS = 10;

  private record Child(Process process, BufferedReader out, BufferedWriter in, Path log) {}

  private final Path logs;
  private final List<Child> children = new ArrayList<>();

  /**
   * @param logs the directory that gets what the processes print to standard error
   */
  public Processes(Path logs) {
    this.logs = logs;
  }

  /** Starts one; {@link #awaitReady} waits for it. */
  public void launch(List<String> flags, Class<?> main, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Path log = logs.resolve("process-" + children.size() + ".log");
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    children.add(new Child(process, process.inputReader(), process.outputWriter(), log));
  }

  /**
   * Waits for all of them.
   *
   * @throws IOException with what they logged, if one ends instead
   */
  public void awaitReady() throws IOException {
    for (Child each : children) {
      for (String line = each.out.readLine(); !"ready".equals(line); line = each.out.readLine()) {
        if (line == null) {
          throw new IOException("a process ended at once; " + Files.readString(each.log));
        }
      }
    }
  }

  public int count() {
    return children.size();
  }

  /** Says a line to one, and returns the line that it answers. */
  public String ask(int index, String line) throws IOException {
    Child child = children.get(index);
    child.in.write(line + "\n");
    child.in.flush();
    String answer = child.out.readLine();
    if (answer == null) {
      throw new IOException("process " + index + " has ended; " + Files.readString(child.log));
    }
    return answer;
  }

  /** The system's number of one. */
  public long pid(int index) {
    return children.get(index).process.pid();
  }

  /** Processor time so far. */
  public Duration cpu() {
    Duration sum = Duration.ZERO;
    for (Child each : children) {
      sum = sum.plus(cpu(each.process.toHandle()));
    }
    return sum;
  }

  /** Processor time of a process so far. */
  public static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Bytes of one process's memory that are in RAM; empty where the system does not say. */
  public OptionalLong residentBytes(int index) throws IOException {
    Path status = Path.of("/proc/" + children.get(index).process.pid() + "/status");
    if (!Files.exists(status)) {
      return OptionalLong.empty();
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Says when one is gone: what was measured is worth nothing then.
   *
   * @throws IllegalStateException if one is
   */
  public void checkAlive() throws IOException {
    for (Child each : children) {
      if (!each.process.isAlive()) {
        throw new IllegalStateException(
            "a process has ended with "
                + each.process.exitValue()
                + "; "
                + Files.readString(each.log));
      }
    }
  }

  /** How many of their log lines contain the words. */
  public long logged(String words) throws IOException {
    long count = 0;
    for (Child each : children) {
      count += Files.readAllLines(each.log).stream().filter(line -> line.contains(words)).count();
    }
    return count;
  }

  @Override
  public void close() throws InterruptedException {
    children.forEach(each -> each.process.destroy());
    for (Child each : children) {
      if (!each.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        each.process.destroyForcibly().waitFor();
      }
    }
  }
}
