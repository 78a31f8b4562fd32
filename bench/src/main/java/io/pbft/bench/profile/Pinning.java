package io.pbft.bench.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Binds threads to processors, where the command {@code taskset} of Linux is there. */
final class Pinning {
  private static final Path SELF = Path.of("/proc/thread-self");
  private static final String ALLOWED = "Cpus_allowed_list:";

  private Pinning() {}

  /**
   * The processors that the calling thread may run on, as in {@code 0-3,8}.
   *
   * @throws IOException where the system does not say
   */
  static String allowed() throws IOException {
    return Files.readAllLines(SELF.resolve("status")).stream()
        .filter(line -> line.startsWith(ALLOWED))
        .map(line -> line.substring(ALLOWED.length()).strip())
        .findFirst()
        .orElseThrow(() -> new IOException("the system does not say which processors there are"));
  }

  /** The first of a list of processors, or the last. */
  static String one(String list, boolean last) {
    String[] numbers = list.split("[-,]");
    return last ? numbers[numbers.length - 1] : numbers[0];
  }

  /** Binds all threads of a process; false where that can't be done. */
  static boolean process(long pid, String processors) throws InterruptedException {
    return taskset(List.of("-a", "-c", "-p", processors, "" + pid));
  }

  /** Binds the calling thread; false where that can't be done. */
  static boolean self(String processors) throws IOException, InterruptedException {
    String thread = SELF.toRealPath().getFileName().toString();
    return taskset(List.of("-c", "-p", processors, thread));
  }

  private static boolean taskset(List<String> arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("taskset"));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      // There is no such command.
      return false;
    }
  }
}
