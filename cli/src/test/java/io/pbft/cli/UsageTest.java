package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong usage and wrong input: exit code 2 and one clear line on standard error. */
class UsageTest {
  @TempDir Path temporary;

  private Captured run(String line) {
    return Captured.run(words(line));
  }

  private String[] words(String line) {
    return line.replace("DIR", temporary.resolve("cluster").toString()).split(" ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "init --help",
        "replica --help",
        "cluster --help",
        "kv --help",
        "kv DIR put --help",
        "kv DIR get --help",
        "kv DIR del --help",
        "kv DIR cas --help",
        "kv DIR scan --help",
        "kv DIR shell --help",
        "status --help",
        "journal --help",
        "repair --help",
        "bench --help",
        "lab --help",
        "lab run --help",
        "lab play --help",
        "lab list --help",
        "lab report --help",
        "compare --help",
        "generals --help"
      })
  void everyCommandHasHelp(String line) {
    Captured result = run(line);
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("Usage: pbft");
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "frobnicate | Unmatched argument at index 0: 'frobnicate'",
        "stauts DIR | did you mean",
        "kv DIR | Missing command: put, get, del, cas, scan or shell",
        "kv DIR put k | Missing required parameter: 'VALUE'",
        "kv DIR get a b | Unmatched argument at index 4: 'b'",
        "kv DIR get k --read maybe | --read",
        "kv DIR get k --timeout soon | 'soon' is not a duration such as 500ms, 10s or 2m",
        "kv DIR get k --timeout 0s | '0s' is not a duration such as 500ms, 10s or 2m",
        "kv DIR scan p --limit 0 | --limit must be at least 1",
        "kv DIR shell --in-flight 0 | --in-flight must be from 1 to 512",
        "init DIR --replicas 3 | --replicas: is 3; give a whole number from 4",
        "init DIR --replicas many | --replicas",
        "init DIR --auth none | --auth",
        "init DIR --base-port 70000 | --base-port: is 70000",
        "init DIR --host a --host b | --host: is given 2 times",
        "replica DIR | Missing required parameter: 'ID'",
        "replica DIR one | 'one' is not an int",
        "replica DIR 0 --durability paper | --durability",
        "replica DIR 0 | cluster.yaml",
        "cluster DIR | cluster.yaml",
        "status DIR | cluster.yaml",
        "journal DIR 0 | cluster.yaml",
        "repair DIR | Missing required parameter: 'ID'",
        "repair DIR 0 | cluster.yaml",
        "kv DIR get k | cluster.yaml",
        "compare --faults 0 | --faults goes from 1 to 10, not 0",
        "compare --faults one | --faults",
        "compare --faults 11 | --faults goes from 1 to 10, not 11",
        "generals | --algorithm is missing: om or sm",
        "generals --algorithm om | --generals is missing",
        "generals --algorithm om --generals 4 | --traitors is missing",
        "generals --algorithm mo --generals 4 --traitors 1 | --algorithm",
        "generals --algorithm om --generals 1 --traitors 0 | there can be from 2 to 16 generals",
        "generals --algorithm om --generals 4 --traitors 5 | --traitors is 5; there are 4 generals",
        "generals --algorithm om --generals 4 --traitors 1 --rounds 3 | from 0 to 2 (generals - 2)",
        "generals --algorithm om --generals 4 --traitors 1 --who 4 | general 4 cannot be a traitor",
        "generals --algorithm om --generals 4 --traitors 1 --who 1,2 | --who names 2 traitors",
        "generals --algorithm om --generals 4 --traitors 1 --script forge | no script 'forge' for oral",
        "generals --algorithm om --generals 4 --traitors 1 --script random:x | takes a whole number",
        "generals --algorithm om --generals 4 --traitors 1 --script table:0>x | is not an entry such as",
        "generals --algorithm om --generals 4 --traitors 1 --order wait | --order",
        "generals --algorithm om --generals 4 --traitors 1 --script withhold:7 | names general 7",
        "generals --algorithm om --generals 4 --traitors 1 --script table:0>9=A | only generals 0 to 3",
        "generals --algorithm om --generals 4 --traitors 1 --script table:0.2>1=A | 2, who sends it, is loyal",
        "generals --algorithm om --generals 4 --traitors 1 --script table:0.3>3=A | the receiver is on the path",
        "generals --algorithm om --generals 4 --traitors 1 --script table:0.1.3>2=A | only 2 rounds",
        "generals --algorithm sm --generals 4 --traitors 1 --script table:3>1=A | a path begins with 0",
        "generals --algorithm om --generals 11 --traitors 1 --exhaustive | up to 10 generals, not 11",
        "generals --algorithm om --generals 16 --traitors 5 | 3999675 messages, and up to 200000",
        "generals --generals 4 --exhaustive | need --algorithm",
      })
  void wrongUsageGivesOneLine(String line, String message) {
    Captured result = run(line);
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err()).startsWith("pbft: ").contains(message);
  }

  @Test
  void noCommandIsWrongUsage() {
    Captured result = Captured.run();
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err()).contains("Missing command");
  }

  @Test
  void verboseShowsWhereItFailed() {
    Captured result = run("status DIR --verbose");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("ConfigException").contains("\tat io.pbft.node.");
  }

  @Test
  void initWritesAClusterOnce() throws Exception {
    Captured made = run("init DIR --replicas 5 --clients 2 --auth signature --json");
    assertThat(made.err()).isEmpty();
    assertThat(made.exitCode()).isZero();
    assertThat(made.outLines()).hasSize(1);
    assertThat(made.out()).contains("\"replicas\":5,\"clients\":2,\"service\":\"kv\"}");
    List<String> names = new ArrayList<>();
    try (var files = Files.list(temporary.resolve("cluster"))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    assertThat(names)
        .containsExactlyInAnyOrder(
            "cluster.yaml",
            "replica-0",
            "replica-1",
            "replica-2",
            "replica-3",
            "replica-4",
            "client-0",
            "client-1");

    Captured again = run("init DIR");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.errLines()).hasSize(1);
    assertThat(again.err()).contains("already exists");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "replica DIR 4 | the cluster has replicas 0 to 3",
        "replica DIR -1 | the cluster has replicas 0 to 3",
        "replica DIR 0 --plays nobody | no traitor 'nobody'",
        "journal DIR 4 | the cluster has replicas 0 to 3",
        "repair DIR 4 --yes | the cluster has replicas 0 to 3",
        "kv DIR get k --client 7 | client 7: there is none",
        "status DIR --client 1 | client 1: there is none",
      })
  void whatTheClusterDoesNotHaveIsWrongInput(String line, String message) {
    assertThat(run("init DIR").exitCode()).isZero();
    wrongUsageGivesOneLine(line, message);
  }

  @Test
  void anUnknownServiceIsWrongInput() {
    assertThat(run("init DIR --service nothing.Here").exitCode()).isZero();
    wrongUsageGivesOneLine("replica DIR 0", "nothing.Here");
  }

  @Test
  void aFieldThatIsNoFieldIsNamed() throws Exception {
    assertThat(run("init DIR").exitCode()).isZero();
    Path file = temporary.resolve("cluster").resolve("cluster.yaml");
    Files.writeString(file, Files.readString(file).replace("service: kv", "servise: kv"));
    wrongUsageGivesOneLine("replica DIR 0", "servise");
  }

  @Test
  void argumentsAreTakenAsTheyAre() {
    assertThat(run("init DIR").exitCode()).isZero();
    for (String value : Arrays.asList("-5", "--no-option", "@file", "", "\"")) {
      String[] words = words("kv DIR put key VALUE --timeout 100ms");
      words[4] = value;
      Captured result = Captured.run(words);
      assertThat(result.exitCode()).as("value %s: %s", value, result.err()).isEqualTo(1);
      assertThat(result.err()).contains("no answer from the cluster within 100ms");
    }
  }

  @Test
  void whoRunsOutOfMemoryIsTold() {
    StringWriter err = new StringWriter();
    PrintWriter out = new PrintWriter(new StringWriter());
    Console console =
        new Console(InputStream.nullInputStream(), out, new PrintWriter(err), false, false, false);
    int exitCode =
        Main.run(
            console,
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    console.err().flush();
    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "pbft: out of memory (Java heap space); PBFT_JAVA_OPTS=-Xmx2g gives it more%n"
                .formatted());
  }
}
