package io.pbft.lab.dsl;

import static io.pbft.lab.dsl.Words.kv;
import static io.pbft.lab.dsl.Words.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.pbft.lab.play.Played;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What a {@link TraitorTest} that fails leaves behind. */
class TraitorTestTest {
  /** Played by the tests below only: Surefire does not look into nested classes. */
  static class Failing {
    @TraitorTest(n = 4, seeds = 1)
    void claim(Lab lab) {
      lab.client("c0").runs(kv().puts(2));
      lab.run(seconds(5)).viewAtLeast(9).verify();
    }

    @TraitorTest(n = 4, seeds = 1)
    void ownAssertion(Lab lab) {
      lab.client("c0").runs(kv().puts(2));
      Played played = lab.run(seconds(5)).safe().verify();
      assertThat(played.completed()).isEqualTo(3);
    }

    @TraitorTest(n = 4, seeds = 1)
    void beforeTheRun(Lab lab) {
      throw new IllegalStateException("no run yet");
    }
  }

  private static String messageOf(String method) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectMethod(Failing.class, method, Lab.class.getName()))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    TestExecutionSummary summary = listener.getSummary();
    assertThat(summary.getTestsFailedCount()).isEqualTo(1);
    return summary.getFailures().get(0).getException().getMessage();
  }

  private static void namesAReport(String message, String title) throws IOException {
    Matcher path = Pattern.compile("\nreport: (.*)\n").matcher(message);
    assertThat(path.find()).as(message).isTrue();
    Path page = Path.of(path.group(1));
    assertThat(Files.readString(page)).contains("<h1>" + title + "</h1>");
    Files.delete(page);
  }

  @Test
  void aClaimThatFailsLeavesAReportNamedInTheMessage() throws IOException {
    String message = messageOf("claim");
    assertThat(message).startsWith("violated, ").contains("view >= 9");
    namesAReport(message, "claim");
  }

  @Test
  void soDoesAnAssertionOfTheTestsOwn() throws IOException {
    String message = messageOf("ownAssertion");
    assertThat(message).contains("3").contains("2");
    namesAReport(message, "ownAssertion");
  }

  @Test
  void whatFailsBeforeARunHasNone() {
    assertThat(messageOf("beforeTheRun")).isEqualTo("no run yet");
  }
}
