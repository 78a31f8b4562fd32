package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir Path temporary;

  @Test
  void formulasAndMeasurementsAgree() throws Exception {
    Captured result =
        Captured.run("compare", "--faults", "1", "--out", temporary.resolve("new").toString());
    assertThat(result.exitCode()).as(result.out()).isZero();
    assertThat(result.outLines())
        .anyMatch(line -> line.matches("PBFT \\(mac\\) +1 +4 +replica .* 2n\\(n-1\\) +24 +24 +yes"))
        .anyMatch(line -> line.matches("PBFT \\(mac\\) +1 +4 +MACs made .* 33 +33 +yes"))
        .anyMatch(line -> line.matches("PBFT \\(mac\\) +4 +SAFE .*noticed"))
        .anyMatch(line -> line.matches("Raft .* 3 +DIVERGED .*nobody noticed"))
        .anyMatch(line -> line.matches("ZAB +1 +4 +replica messages, executed .* 9 +9 +yes"))
        .contains("Every measured number is what its formula says.");
    Path csv = temporary.resolve("new").resolve("compare.csv");
    assertThat(Files.readAllLines(csv))
        .hasSizeGreaterThan(50)
        .contains(
            "PBFT (mac),1,4,request,\"replica messages, answered and executed\",2n(n-1),24,8,192,192,true");
    assertThat(temporary.resolve("new").resolve("compare.json")).isNotEmptyFile();
    String headline = result.outLines().get(0);
    assertThat(headline).contains("4 machines instead of 3, 24 messages");
    assertThat(Files.readString(temporary.resolve("new").resolve("index.html")))
        .contains(headline, "DIVERGED", "</html>")
        .doesNotContain("http", "<script")
        .containsPattern("(?s)(<svg.*){11}");
  }

  @Test
  void oneObjectALine() {
    Captured result = Captured.run("compare", "--faults", "1", "--json");
    assertThat(result.exitCode()).isZero();
    assertThat(result.outLines())
        .allMatch(line -> line.startsWith("{\"protocol\":"))
        .filteredOn(line -> line.contains("\"quantity\":"))
        .hasSizeGreaterThan(100)
        .allMatch(line -> line.endsWith("\"equal\":true}"));
    assertThat(result.outLines())
        .filteredOn(line -> line.contains("\"outcome\":\"DIVERGED\""))
        .hasSize(3);
  }

  @Test
  void aDirectoryThatCannotBeMadeGivesOneLine() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "");
    Captured result = Captured.run("compare", "--faults", "1", "--out", file.toString());
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.errLines()).hasSize(1);
    assertThat(result.err()).contains("--out").contains("cannot be written");
  }
}
