package io.pbft.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays every trace in {@code src/test/resources/traces}. With {@code -Dtraces.rewrite=true} the
 * transcripts in the source tree are rewritten instead: read the difference before committing it.
 */
class TraceTest {
  private static final Path TRACES = Path.of("src", "test", "resources", "traces");
  private static final boolean REWRITE = Boolean.getBoolean("traces.rewrite");

  @TestFactory
  Stream<DynamicTest> everyTraceGoesAsItIsWritten() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(TRACES)) {
      files = found.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    TRACES.relativize(file).toString(), file.toUri(), () -> check(file)));
  }

  /** The defence off: the same schedule, with an r2 that votes again. */
  @Test
  void anAmnesiacThatVotedWouldBreakAgreement() throws IOException {
    String name = "amnesiac_would_break_agreement.txt";
    String defended = Files.readString(TRACES.resolve(name));
    String undefended = defended.replace("restart r2 amnesiac", "restart r2 newborn");
    assertThat(defended).doesNotContain("AGREEMENT BROKEN");
    assertThat(TraceFile.of(name, undefended).replay())
        .contains("AGREEMENT BROKEN: others executed A at s1");
  }

  private static void check(Path file) throws IOException {
    String written = Files.readString(file);
    String replayed = TraceFile.of(file.getFileName().toString(), written).replay();
    if (REWRITE) {
      Files.writeString(file, replayed);
    } else {
      assertThat(replayed).isEqualTo(written);
    }
  }
}
