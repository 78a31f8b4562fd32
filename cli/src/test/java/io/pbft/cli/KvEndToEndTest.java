package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.node.PbftReplica;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands against four replicas in this process, over TCP. */
class KvEndToEndTest {
  private static final int REPLICAS = TestClusters.REPLICAS;
  private static final String[] PATIENT = {"--timeout", "60s"};

  @TempDir static Path temporary;
  private static final List<PbftReplica> running = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    TestClusters.init(Path.of(cluster()), "--clients", "2");
    for (int id = 0; id < REPLICAS; id++) {
      running.add(PbftReplica.builder(Path.of(cluster()), id).start());
    }
  }

  private static String cluster() {
    return temporary.resolve("cluster").toString();
  }

  @AfterAll
  static void stop() {
    running.forEach(PbftReplica::close);
  }

  private static Captured kv(String... words) {
    return kvWithInput("", words);
  }

  private static Captured kvWithInput(String input, String... words) {
    List<String> args = new ArrayList<>(List.of("kv", cluster()));
    args.addAll(List.of(words));
    args.addAll(List.of(PATIENT));
    return Captured.runWithInput(input, args.toArray(String[]::new));
  }

  @Test
  void storesAndReads() {
    assertThat(kv("put", "one", "the first")).isEqualTo(new Captured(0, "OK\n", ""));
    assertThat(kv("get", "one")).isEqualTo(new Captured(0, "the first\n", ""));
    assertThat(kv("get", "one", "--read", "fast")).isEqualTo(new Captured(0, "the first\n", ""));
    assertThat(kv("get", "one", "--client", "1", "--json"))
        .isEqualTo(new Captured(0, "{\"found\":true,\"value\":\"the first\"}\n", ""));
    assertThat(kv("get", "two")).isEqualTo(new Captured(1, "", ""));
    assertThat(kv("get", "two", "--json")).isEqualTo(new Captured(1, "{\"found\":false}\n", ""));
    assertThat(kv("cas", "one", "the second", "x"))
        .isEqualTo(new Captured(1, "CONFLICT the first\n", ""));
    assertThat(kv("cas", "two", "a", "b")).isEqualTo(new Captured(1, "CONFLICT\n", ""));
    assertThat(kv("cas", "one", "the first", "x")).isEqualTo(new Captured(0, "OK\n", ""));
    assertThat(kv("del", "one")).isEqualTo(new Captured(0, "OK\n", ""));
    assertThat(kv("del", "one")).isEqualTo(new Captured(0, "OK\n", ""));
    assertThat(kv("get", "one")).isEqualTo(new Captured(1, "", ""));
  }

  @Test
  void scansInKeyOrder() {
    Captured loaded =
        kvWithInput(
            "put scan/b 2\nput scan/a \"1 1\"\nput scan/c \"x\\ny\"\nput scam 0\n", "shell");
    assertThat(loaded).isEqualTo(new Captured(0, "OK\nOK\nOK\nOK\n", ""));
    assertThat(kv("scan", "scan/").outLines())
        .containsExactly("scan/a\t1 1", "scan/b\t2", "scan/c\t\"x\\ny\"");
    assertThat(kv("scan", "scan/", "--limit", "1", "--json").outLines())
        .containsExactly("{\"key\":\"scan/a\",\"value\":\"1 1\"}");
    assertThat(kv("scan", "nothing/")).isEqualTo(new Captured(0, "", ""));
  }

  @Test
  void theShellAnswersEachLineInOrder() {
    Captured result =
        kvWithInput(
            """
            # a comment
            put s/a 1

            get s/a
            cas s/a 1 2
            cas s/a 1 3
            get s/a
            scan s/
            put s/b "two words"
            nonsense
            scan s/
            del s/a
            get s/a
            scan s/zzz
            """,
            "shell");
    assertThat(result.outLines())
        .containsExactly(
            "OK",
            "VALUE 1",
            "OK",
            "CONFLICT 2",
            "VALUE 2",
            "s/a\t2",
            "OK",
            "OK",
            "ERROR line 10: no command 'nonsense': use put, get, del, cas or scan",
            "s/a\t2",
            "s/b\ttwo words",
            "OK",
            "OK",
            "NONE",
            "NONE");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void theShellKeepsItsOrderOverThousandsOfLines() {
    int count = 2_000;
    StringBuilder input = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      input.append("put many/").append(i % 50).append(' ').append(i).append('\n');
      expected.add("OK");
      if (i % 3 == 0) {
        input.append("get many/").append(i % 50).append('\n');
        expected.add("VALUE " + i);
      }
    }
    Captured result = kvWithInput(input.toString(), "shell");
    assertThat(result.err()).isEmpty();
    assertThat(result.outLines()).isEqualTo(expected);
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void fastReadsInTheShellSeeTheWritesBeforeThem() {
    StringBuilder input = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      input.append("put fast ").append(i).append("\nget fast\nget fast\n");
      expected.addAll(List.of("OK", "VALUE " + i, "VALUE " + i));
    }
    assertThat(kvWithInput(input.toString(), "shell", "--read", "fast").outLines())
        .isEqualTo(expected);
  }

  @Test
  void statusHasARowForEachReplica() {
    Captured table = Captured.run("status", cluster(), "--timeout", "60s");
    assertThat(table.exitCode()).isZero();
    assertThat(table.outLines()).hasSize(1 + REPLICAS);
    Captured json = Captured.run("status", cluster(), "--timeout", "60s", "--json");
    assertThat(json.outLines()).hasSize(1);
    for (int id = 0; id < REPLICAS; id++) {
      assertThat(json.out())
          .containsPattern(
              "\\{\"replica\":"
                  + id
                  + ",\"up\":true,\"view\":\\d+,\"primary\":\\d,\"lastExecuted\":\\d+,"
                  + "\"stableCheckpoint\":\\d+,\"logSize\":\\d+,\"peersConnected\":3,"
                  + "\"waitingFor\":\"");
    }
  }

  @Test
  void aReplicaThatRunsAlreadyIsNotStartedAgain() {
    Captured second = Captured.run("replica", cluster(), "0");
    assertThat(second.exitCode()).isEqualTo(2);
    assertThat(second.errLines()).hasSize(1);
    assertThat(second.err()).contains("running already");
    Captured all = Captured.run("cluster", cluster());
    assertThat(all.exitCode()).isEqualTo(2);
    assertThat(all.err()).contains("running already");
  }
}
