package io.pbft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.compare.cost.Line;
import io.pbft.compare.cost.Line.Section;
import io.pbft.compare.cost.Protocol;
import io.pbft.compare.report.Comparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
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

  /** The table of lies leads to the lab's reports, which are there. */
  @Test
  void whatTheLabPlaysHasAPage() throws Exception {
    Captured.run("compare", "--faults", "1", "--out", temporary.toString());
    List<String> links =
        Pattern.compile("href=\"([^\"]+)\"")
            .matcher(Files.readString(temporary.resolve("index.html")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(links).containsExactly("altered-mac.html", "altered-signature.html", "split.html");
    for (String link : links) {
      assertThat(Files.readString(temporary.resolve(link)))
          .contains("as expected", "Who said what to whom");
      Path script = temporary.resolve(link.replace(".html", ".traitor"));
      assertThat(Captured.run("lab", "run", script.toString()).exitCode()).isZero();
    }
  }

  /** One message more than the formula says. */
  @Test
  void aDifferenceFailsTheRun() {
    Line right = new Line(Protocol.ZAB, 1, 3, Section.REQUEST, "q", "3(n-1)", 6, 8, 48, 48);
    Line wrong = new Line(Protocol.ZAB, 1, 3, Section.REQUEST, "q", "3(n-1)", 6, 8, 49, 49);
    assertThat(CompareCommand.exitCode(comparison(right))).isZero();
    assertThat(CompareCommand.exitCode(comparison(wrong))).isEqualTo(1);
  }

  private static Comparison comparison(Line line) {
    return new Comparison(List.of(1), List.of(line), List.of(), List.of());
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
