package io.pbft.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language of the traces itself. */
class TraceFileTest {
  private static String replay(String... lines) {
    return TraceFile.of("t.txt", String.join("\n", lines)).replay();
  }

  @Test
  void anOutdatedTranscriptIsReplacedAndEverythingElseKept() {
    String replayed = replay("# prose", "cluster n=4", "----", "as it was", "", "# more");
    assertThat(replayed)
        .isEqualTo(
            """
            # prose
            cluster n=4
            ----
            n=4 f=1 quorum=3 weak=2, checkpoint every 4, window 8

            # more
            """);
    assertThat(TraceFile.of("t.txt", replayed).replay()).isEqualTo(replayed);
  }

  @Test
  void neighboursThatDifferOnlyInWhoAreToldAsOne() {
    String replayed =
        replay(
            "cluster n=4",
            "quietly request c0 t=1 \"a=1\" to r0",
            "quietly drop to r2",
            "deliver PRE-PREPARE",
            "----");
    assertThat(replayed).contains("\nr1 r3 <- r0 PRE-PREPARE v0 s1 A [c0:1 \"a=1\"]\n");
  }

  @Test
  void whatIsDroppedNeverArrives() {
    String replayed =
        replay(
            "cluster n=4", "quietly request c0 t=1 \"a=1\"", "quietly drop", "in-flight", "----");
    assertThat(replayed).endsWith("ok\nok\nok\n");
  }

  @Test
  void brokenAgreementIsTold() {
    String replayed =
        replay(
            "cluster n=4 clients=2",
            "crash r0 r1",
            "forge r0 PRE-PREPARE v=0 s=1 [c0:1 \"a=1\"] to r2",
            "forge r0 PRE-PREPARE v=0 s=1 [c1:1 \"a=2\"] to r3",
            "forge r1 PREPARE v=0 s=1 d=A to r2",
            "forge r1 PREPARE v=0 s=1 d=B to r3",
            "forge r0 COMMIT v=0 s=1 d=A to r2",
            "forge r0 COMMIT v=0 s=1 d=B to r3",
            "forge r1 COMMIT v=0 s=1 d=A to r2",
            "forge r1 COMMIT v=0 s=1 d=B to r3",
            "----");
    assertThat(replayed).contains("AGREEMENT BROKEN: others executed A at s1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          fly to the moon            | there is no command 'fly'
          status r9                  | replicas (r0 to r3, or all) are missing
          status r1 now              | not understood: now
          deliver PREPARE            | nothing of that kind is on its way
          deliver PIGEON             | 'PIGEON' is no message type
          timer REQUEST r1           | REQUEST is not armed at r1
          timer EGG r1               | 'EGG' is no timer
          request c0 t=x "a=1"       | 'x' is no number
          request c7 t=1 "a=1"       | there is no client c7
          request c0 t=1 a=1         | a=1 should be quoted
          request c0 t=1 "a=1        | a quote or bracket is not closed
          restart r1                 | r1 has not crashed
          forge r0 PREPARE v=0 s=1   | 'to' is missing
          forge r0 PREPARE d=Z to r1 | no digest Z has been seen
          forge r0 HELLO to r1       | cannot forge HELLO
          """)
  void aWrongCommandIsNamedWithItsLine(String command, String message) {
    assertThatThrownBy(() -> replay("cluster n=4", command, "----"))
        .isInstanceOf(TraceException.class)
        .hasMessage("t.txt:2: " + message);
  }

  @Test
  void commandsWithoutAClusterOrARuleAreErrors() {
    assertThatThrownBy(() -> replay("status", "----"))
        .hasMessage("t.txt:1: the first command must be 'cluster'");
    assertThatThrownBy(() -> replay("# prose", "cluster n=4"))
        .hasMessage("t.txt:2: no ---- follows");
    assertThatThrownBy(() -> replay("cluster n=3", "----"))
        .hasMessage("t.txt:1: need at least 4 replicas to tolerate one traitor, not 3");
  }
}
