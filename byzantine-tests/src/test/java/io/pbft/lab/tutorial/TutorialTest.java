package io.pbft.lab.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/testing.md} shows code that is compiled and run: each of its Java blocks is, line by
 * line, a part of {@link Auction} or {@link AuctionTest}, and its scenario ends as expected.
 */
class TutorialTest {
  private static final Path SOURCES = Path.of("src/test/java/io/pbft/lab/tutorial");
  private static final Path DOCUMENT = Path.of("../docs/testing.md");

  private static List<String> blocks(String language) throws IOException {
    Matcher matcher =
        Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(Files.readString(DOCUMENT));
    return matcher.results().map(result -> result.group(1)).toList();
  }

  /** Without what only layout needs: a document indents otherwise than a class. */
  private static String plain(String code) {
    return code.lines()
        .map(String::strip)
        .filter(l -> !l.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theCodeOfTheDocumentIsTheCodeThatRuns() throws IOException {
    String code =
        plain(Files.readString(SOURCES.resolve("Auction.java")))
            + plain(Files.readString(SOURCES.resolve("AuctionTest.java")));
    List<String> blocks = blocks("java");
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(4);
    assertThat(blocks).allSatisfy(block -> assertThat(code).contains(plain(block)));
  }

  @Test
  void theScenarioOfTheDocumentEndsAsExpected() throws IOException {
    List<String> blocks = blocks("traitor");
    assertThat(blocks).isNotEmpty();
    for (String block : blocks) {
      Scenario scenario = ScenarioText.parse(block);
      Played played = Player.play(scenario, 1, AuctionTest.AUCTION);
      assertThat(played.violations()).isEmpty();
      assertThat(played.idle()).isEmpty();
      assertThat(Player.play(scenario, 1).violations()).isEmpty();
    }
  }
}
