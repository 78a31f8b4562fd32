package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab from the command line: exit codes, JSON, and that a replay line replays. */
class LabCommandTest {
  @TempDir Path temporary;

  private String file(String... lines) throws IOException {
    Path file = temporary.resolve("x.traitor");
    Files.writeString(file, "scenario \"x\"\nclient c0 kv puts=5\n" + String.join("\n", lines));
    return file.toString();
  }

  @Test
  void asExpectedIsZeroAndTheReplayLineRunsTheSameAgain() throws IOException {
    String file =
        file(
            "network loss=10%",
            "traitor r3", "  when sending COMMIT odds=50% : drop", "expect safe");
    Captured first = Captured.run("lab", "run", file, "--seed", "17");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.outLines().get(0)).startsWith("x: as expected, 5 operations in ");
    String replay = first.outLines().get(first.outLines().size() - 1);
    assertThat(replay).isEqualTo("replay: pbft lab run " + file + " --seed 17");

    Captured again = Captured.run(replay.replace("replay: pbft ", "").split(" "));
    assertThat(again.out()).isEqualTo(first.out());
    assertThat(Captured.run("lab", "run", file, "--seed", "18").out()).isNotEqualTo(first.out());
  }

  @Test
  void aFailedExpectationIsOne() throws IOException {
    Captured result = Captured.run("lab", "run", file("expect view >= 2"), "--json");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.outLines()).hasSize(1);
    assertThat(result.out())
        .contains("\"verdict\":\"violated\"", "\"seed\":1", "\"replay\":\"pbft lab run ")
        .contains("\"refusals\":{}", "\"violations\":[\"VIOLATED view >= 2: it was 0\"]");
  }

  @Test
  void aMistakeInTheFileIsTwoAndNamesItsPlace() throws IOException {
    String file = file("traitor r0", "  when sending COMIT : drop");
    Captured result = Captured.run("lab", "run", file);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err())
        .startsWith("pbft: " + file + ", line 4, column 16: found 'COMIT', expected anything");
    Captured senseless = Captured.run("lab", "run", file("cluster n=3"));
    assertThat(senseless.exitCode()).isEqualTo(2);
    assertThat(senseless.err()).contains("need at least 4 replicas");
    assertThat(Captured.run("lab", "run", temporary.resolve("no").toString()).exitCode())
        .isEqualTo(2);
  }

  @Test
  void whatNobodyPromisedIsThree() throws IOException {
    String file = file("network", "  at 0ms : crash r1 r2", "expect live", "run 1s");
    assertThat(Captured.run("lab", "run", file).exitCode()).isEqualTo(3);
  }

  @Test
  void playsAnEntryOfTheCatalogue() {
    Captured result =
        Captured.run("lab", "play", "b04", "--replicas", "7", "--auth", "signature", "--json");
    assertThat(result.exitCode()).as(result.out()).isZero();
    assertThat(result.out())
        .contains("\"verdict\":\"as expected\"", "WRONG_SENDER")
        .contains("pbft lab play B04 --replicas 7 --auth signature --seed 1");
  }

  @Test
  void whatCannotBePlayedIsTwo() {
    Captured unknown = Captured.run("lab", "play", "Q99");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no entry 'Q99' in the catalogue");
    Captured senseless = Captured.run("lab", "play", "P32");
    assertThat(senseless.exitCode()).isEqualTo(2);
    assertThat(senseless.err()).contains("P32 is not played: makes no sense");
    assertThat(Captured.run("lab", "play", "P02", "--replicas", "5").err())
        .contains("--replicas: is 5; the catalogue is played at 4 or 7");
    assertThat(Captured.run("lab").err())
        .contains("Missing command: run, play, list, swarm, twins, explore, matrix or report");
  }

  @Test
  void aReportIsAPageOfTheSameRun() throws IOException {
    Path page = temporary.resolve("deep/er/out.html");
    String file = file("expect view >= 2");
    Captured plain = Captured.run("lab", "run", file);
    Captured result = Captured.run("lab", "run", file, "--report", page.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEqualTo(plain.out());
    assertThat(Files.readString(page)).contains("<svg", "pbft lab run " + file + " --seed 1");

    Path played = temporary.resolve("p13.html");
    assertThat(Captured.run("lab", "play", "P13", "--report", played.toString()).exitCode())
        .isZero();
    assertThat(Files.readString(played)).contains("Mute primary", "lab play P13");
  }

  @Test
  void aReportThatCannotBeWrittenIsTwo() throws IOException {
    Path file = Files.createFile(temporary.resolve("taken"));
    String page = file.resolve("out.html").toString();
    Captured result = Captured.run("lab", "play", "P13", "--report", page);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err()).startsWith("pbft: --report: cannot write " + page);
    assertThat(Captured.run("lab", "report", "--all", file.toString()).err())
        .startsWith("pbft: --all: cannot write to " + file);
    assertThat(Captured.run("lab", "report").exitCode()).isEqualTo(2);
  }

  @Test
  void listsTheWholeCatalogue() {
    Captured table = Captured.run("lab", "list");
    assertThat(table.exitCode()).isZero();
    assertThat(table.out()).contains("P02  Equivocator (one victim)", "makes no sense: ");
    assertThat(table.outLines().get(table.outLines().size() - 1)).startsWith("200 entries: ");
    assertThat(Captured.run("lab", "list", "--json").out())
        .startsWith("[{\"id\":\"P01\",\"name\":\"Equivocator (even split)\",\"family\":\"primary\"")
        .contains("\"atStake\":", "\"expected\":");
  }

  @Test
  void aSwarmTellsHowFastItWas() {
    Captured result = Captured.run("lab", "swarm", "--seeds", "1..4", "--replicas", "4,7", "--mac");
    assertThat(result.exitCode()).as(result.out()).isZero();
    assertThat(result.out())
        .startsWith("4 runs, 0 went wrong; ")
        .contains(" runs a minute on 2 threads; ", " to 1); ", ", 400 operations");
  }

  @Test
  void aSwarmOfChoicesSavesWhatItFinds() throws IOException {
    String[] search = {
      "lab",
      "swarm",
      "--choices",
      "--seeds",
      "39..39",
      "--replicas",
      "4",
      "--mac",
      "--without",
      "quorum q",
      "--shrink-runs",
      "20",
      "--out",
      temporary.toString()
    };
    Captured found = Captured.run(search);
    assertThat(found.exitCode()).as(found.out()).isEqualTo(1);
    Path file = temporary.resolve("swarm-39.traitor");
    assertThat(found.outLines())
        .contains("replay: pbft lab run " + file)
        .anyMatch(line -> line.startsWith("shrunk from "));

    Captured again = Captured.run("lab", "run", file.toString());
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.outLines().get(0)).contains("safe: violated (agreement at ");

    Files.writeString(file, Files.readString(file).replace(" without=\"quorum q\"", ""));
    assertThat(Captured.run("lab", "run", file.toString()).out())
        .startsWith("swarm: nothing went wrong");
    Files.writeString(file, "swarm n=4 moon=full");
    assertThat(Captured.run("lab", "run", file.toString()).err()).contains("unknown 'moon=full'");
  }

  @Test
  void whatTheSwarmFindsIsAScenarioThatReplaysIt() throws IOException {
    Captured found =
        Captured.run(
            "lab",
            "swarm",
            "--seeds",
            "1..200",
            "--replicas",
            "4",
            "--mac",
            "--without",
            "quorum q",
            "--shrink-runs",
            "60",
            "--threads",
            "1",
            "--out",
            temporary.toString());
    assertThat(found.exitCode()).as(found.out()).isEqualTo(1);
    String replay =
        found.outLines().stream().filter(l -> l.startsWith("replay: ")).findFirst().orElseThrow();
    Captured again = Captured.run(replay.replace("replay: pbft ", "").split(" "));
    assertThat(again.exitCode()).as(again.out()).isEqualTo(1);
    Path file = Path.of(replay.substring(replay.lastIndexOf(' ') + 1));
    assertThat(Files.readString(file))
        .contains("\nclients ", "\nexpect ", "\nreplay seed=", " without=\"quorum q\"");
    assertThat(Captured.run("lab", "run", file.toString(), "--without", "").exitCode()).isZero();
  }

  @Test
  void twinsAndExplorationSayHowFarTheyWent() {
    assertThat(Captured.run("lab", "twins", "--rounds", "1").out())
        .startsWith("64 of 64 schedules of 1 rounds: nothing went wrong");
    assertThat(Captured.run("lab", "explore", "--depth", "20").out())
        .startsWith("61 runs with at most 1 departures among the first 20 messages, all that there")
        .contains("nothing went wrong");
    assertThat(Captured.run("lab", "twins", "--rounds", "99").exitCode()).isEqualTo(2);
  }

  @Test
  void aSwarmNeedsSeeds() {
    Captured result = Captured.run("lab", "swarm", "--seeds", "9..1");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--seeds: '9..1' is no range such as 1..100");
    assertThat(Captured.run("lab", "swarm", "--replicas", "3").err())
        .contains("--replicas: is 3, needs 4 to 31");
    assertThat(Captured.run("lab", "swarm", "--without", "doubt").err())
        .contains("no defence 'doubt'");
  }

  @Test
  void theMatrixSaysWhatBreaksWithoutADefence() {
    Captured killed = Captured.run("lab", "matrix", "BAD_CLIENT_AUTH", "UNKNOWN_TYPE");
    assertThat(killed.exitCode()).as(killed.out()).isZero();
    assertThat(killed.outLines().get(0)).matches("BAD_CLIENT_AUTH +P07 +breaks safe");
    assertThat(killed.outLines().get(1)).matches("UNKNOWN_TYPE +- +there is nothing to take .*");
    assertThat(killed.outLines().get(2))
        .isEqualTo("2 defences: 1 killed (1 with harm, 0 by a missing refusal only), 1 survive");
    assertThat(Captured.run("lab", "matrix", "BAD_CLIENT_AUTH", "--json").out())
        .startsWith("[{\"defence\":\"BAD_CLIENT_AUTH\",\"killed\":true,\"killer\":\"P07\"");
    assertThat(Captured.run("lab", "matrix", "HOPE").err()).contains("no defence 'HOPE'");
    assertThat(Captured.run("lab", "play", "P07", "--without", "BAD_CLIENT_AUTH").exitCode())
        .isEqualTo(1);
  }
}
