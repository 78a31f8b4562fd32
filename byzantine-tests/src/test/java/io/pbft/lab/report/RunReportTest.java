package io.pbft.lab.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pbft.core.message.MessageType;
import io.pbft.core.validation.AuthenticationMode;
import io.pbft.lab.catalogue.Catalogue;
import io.pbft.lab.catalogue.Entry;
import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.dsl.Lab;
import io.pbft.lab.dsl.Words;
import io.pbft.lab.play.Played;
import io.pbft.lab.play.Player;
import io.pbft.lab.play.Service;
import io.pbft.lab.report.RunRecord.What;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import io.pbft.lab.scenario.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run's record holds, and what its page says of it. */
class RunReportTest {
  private static final Scenario TWO_FACED =
      ScenarioText.parse(Resources.read("scenarios/two-faced-primary.traitor"));

  /** One in so many entries of the catalogue: it is long. */
  private static final int EVERY = 9;

  private static Played played;
  private static RunRecord run;
  private static Recovery recovery;

  @BeforeAll
  static void play() {
    RunRecorder recorder = new RunRecorder();
    played = Player.play(TWO_FACED, 1, Service.registers(), recorder);
    run = recorder.finish(played.micros());
    recovery = Recovery.of(run);
  }

  private static RunRecord record(String id, int replicas) {
    RunRecorder recorder = new RunRecorder();
    Scenario scenario = Catalogue.scenario(Catalogue.find(id), replicas, AuthenticationMode.MAC);
    return recorder.finish(Player.play(scenario, 1, Service.registers(), recorder).micros());
  }

  @Test
  void watchingChangesNothing() {
    assertEquals(Player.play(TWO_FACED, 1).fingerprint(), played.fingerprint());
  }

  @Test
  void aLieIsRecordedBesideWhatTheCoreWouldHaveSaid() {
    Flight lie = run.lies().get(0);
    assertAll(
        () -> assertEquals("PRE-PREPARE", lie.kind()),
        () -> assertEquals(7, lie.slot),
        () -> assertEquals("r3", run.name(lie.to)),
        () -> assertTrue(lie.lie.action().startsWith("forge")),
        () -> assertFalse(MessageFields.of(lie.message).equals(MessageFields.of(lie.lie.honest()))),
        () ->
            assertEquals(
                "B",
                new Digests(run).letter(7, lie.digest),
                "A is what correct replicas executed"));
  }

  @Test
  void whatIsKeptBackIsRecordedAndNeverArrives() {
    List<Flight> withheld =
        run.flights.stream().filter(f -> f.fate == Flight.Fate.WITHHELD).toList();
    assertFalse(withheld.isEmpty());
    withheld.forEach(f -> assertEquals("COMMIT", f.kind()));
    withheld.forEach(f -> assertEquals(-1, f.arrivedMicros));
  }

  @Test
  void everyRefusalThatTheRunCountsIsAttributedToAMessageThatArrivedThen() {
    Map<String, Long> counted = new TreeMap<>();
    run.refusals.forEach(r -> counted.merge(r.reason().name(), 1L, Long::sum));
    Map<String, Long> expected = new TreeMap<>();
    played.refusals().forEach((reason, count) -> expected.put(reason.name(), count));
    assertEquals(expected, counted);
    for (RunRecord.Refusal each : run.refusals) {
      Flight flight = run.flights.get(each.flight());
      assertEquals(each.atMicros(), flight.arrivedMicros);
      assertTrue(flight.isLie(), "nothing honest is refused here");
    }
  }

  @Test
  void causesComeBeforeAndArriveWhereTheEffectLeaves() {
    for (Flight each : run.flights) {
      if (each.cause >= 0) {
        Flight cause = run.flights.get(each.cause);
        assertEquals(each.from, cause.to);
        assertEquals(each.sentMicros, cause.arrivedMicros);
      }
    }
    long caused = run.flights.stream().filter(f -> f.cause >= 0).count();
    assertTrue(caused > run.flights.size() / 2, caused + " of " + run.flights.size());
  }

  @Test
  void recoveryGoesThroughItsPhasesInOrder() {
    long[] at = {
      recovery.startMicros(),
      recovery.detectedMicros(),
      recovery.askedMicros(),
      recovery.enteredMicros(),
      recovery.servedMicros()
    };
    for (int i = 1; i < at.length; i++) {
      assertTrue(at[i - 1] <= at[i] && at[i] > 0, "phase " + i);
    }
    assertEquals(7, recovery.slot());
    assertEquals(run.lies().get(0).sentMicros, recovery.startMicros());
  }

  /** Nothing false is on the wire, so the first sign is the timer that will run out. */
  @Test
  void aMutePrimaryIsDetectedWhenTheTimerIsSetThatRunsOut() {
    RunRecord mute = record("P13", 4);
    Recovery r = Recovery.of(mute);
    assertTrue(mute.refusals.isEmpty());
    assertTrue(r.detectedMicros() > r.startMicros() && r.detectedMicros() < r.askedMicros());
  }

  @Test
  void anHonestRunHasNoRecovery() {
    RunRecorder recorder = new RunRecorder();
    Scenario alone = TWO_FACED.withTraitors(List.of()).withExpectations(List.of());
    RunRecord honest =
        recorder.finish(Player.play(alone, 1, Service.registers(), recorder).micros());
    assertFalse(Recovery.of(honest).wasAttacked());
    assertEquals(-1, Recovery.of(honest).tookMicros());
    assertEquals(
        5, new StoryWriter(honest, new Digests(honest), Recovery.of(honest)).sentences().size());
  }

  /** Castro and Liskov's counts are those of the honest run. */
  @Test
  void messagesOfTheHonestRunAreThoseOfTheFormulas() {
    RunReport report = RunReport.of(TWO_FACED, 1, Service.registers(), "replay");
    Matcher equal = Pattern.compile("title=\"equal\"").matcher(report.html());
    long count = equal.results().count();
    assertTrue(count >= 6, count + " types are as their formulas say");
  }

  @Test
  void theStoryHasFiveToNineSentencesInOrderOfTime() {
    List<String> playable =
        Catalogue.entries().stream().filter(Entry::isPlayable).map(Entry::id).toList();
    TreeSet<String> ids = new TreeSet<>(List.of("P02", "P13", "V13", "T01", "C01", "N01"));
    for (int i = 0; i < playable.size(); i += EVERY) {
      ids.add(playable.get(i));
    }
    for (String id : ids) {
      RunRecord each = record(id, 4);
      List<StoryWriter.Sentence> story =
          new StoryWriter(each, new Digests(each), Recovery.of(each)).sentences();
      assertTrue(story.size() >= 5 && story.size() <= 9, id + " has " + story.size());
      for (int i = 1; i < story.size(); i++) {
        assertTrue(story.get(i - 1).at() <= story.get(i).at(), id);
      }
    }
  }

  /** This scenario claims safe, live and valid; the oracles look at all five. */
  @Test
  void eachPropertyHasAPillAndWhatIsNotClaimedSaysSo() {
    String html = RunReport.of(TWO_FACED, 1, Service.registers(), "replay").html();
    String pills = html.substring(html.indexOf("<ul class=\"pills\""), html.indexOf("</ul>"));
    for (String name : List.of("SAFE", "LIVE", "VALID")) {
      assertTrue(pills.contains("✓</span> " + name + "</li>"), name);
    }
    for (String name : List.of("LINEARIZABLE", "BOUNDED")) {
      assertTrue(pills.contains("✓</span> " + name + " <small>not claimed</small></li>"), name);
    }
  }

  @Test
  void thePageHasTheScriptAndASmallerOneThatShowsTheSame() {
    String html = RunReport.of(TWO_FACED, 1, Service.registers(), "replay").html();
    Matcher scripts =
        Pattern.compile("(\\d+) operations?, ([\\d,]+) messages</figcaption>").matcher(html);
    List<Integer> operations = scripts.results().map(m -> Integer.parseInt(m.group(1))).toList();
    assertEquals(2, operations.size());
    assertTrue(operations.get(1) < operations.get(0), operations.toString());
    assertTrue(html.contains("<pre id=\"shrunk\">scenario"));
  }

  @Test
  void thePageStandsAlone() {
    String html = RunReport.of(TWO_FACED, 1, Service.registers(), "pbft <replay>").html();
    assertAll(
        () -> assertFalse(html.contains("{{"), "a part is missing"),
        () -> assertFalse(html.matches("(?s).*(src|href)=\"https?:.*"), "needs the network"),
        () -> assertTrue(html.contains("pbft &lt;replay&gt;")),
        () -> assertTrue(html.contains("BAD_CLIENT_AUTH")),
        () ->
            assertEquals(
                html,
                RunReport.of(TWO_FACED, 1, Service.registers(), "pbft <replay>").html(),
                "one run, one page"));
  }

  @Test
  void textOfScriptsAndMessagesCannotBreakOutOfThePage() {
    assertEquals("\"\\u003c/script>\\u2028\\\"\"", Json.of("</script>\u2028\""));
    assertEquals("&lt;b a=&quot;&amp;&quot;&gt;", Html.escape("<b a=\"&\">"));
  }

  @Test
  void aBreachOfAgreementIsFramed() {
    RunRecord.Mark executed = run.correctMarks(What.EXECUTED).get(0);
    RunRecord broken = new RunRecord(run.cast);
    run.marks.stream().filter(m -> !m.equals(executed)).forEach(broken.marks::add);
    broken.marks.add(
        new RunRecord.Mark(
            executed.atMicros(),
            executed.who(),
            What.EXECUTED,
            -1,
            executed.slot(),
            io.pbft.crypto.Digest.ZERO,
            "",
            -1));
    long slot = executed.slot();
    assertFalse(new GridWriter(run, new Digests(run), slot).html().contains("violated"));
    assertTrue(new GridWriter(broken, new Digests(broken), slot).html().contains("violated"));
  }

  @Test
  void aFailingTestNamesItsReport(@TempDir Path directory) {
    System.setProperty("lab.reports", directory.toString());
    try {
      Lab lab = new Lab("never this many", 4, 1);
      lab.client("c0").runs(Words.kv().puts(2));
      AssertionError error =
          assertThrows(
              AssertionError.class, () -> lab.run(Span.seconds(5)).viewAtLeast(9).verify());
      Path page = directory.resolve("never-this-many-seed-1.html");
      assertTrue(error.getMessage().contains("report: " + page), error.getMessage());
      assertTrue(Files.exists(page));
    } finally {
      System.clearProperty("lab.reports");
    }
  }

  @Test
  void theSiteLeadsToAPageForEveryPlayableEntry(@TempDir Path directory) throws IOException {
    List<String> wanted = List.of("P02", "P13", "W01");
    Map<Played.Verdict, Integer> verdicts =
        ReportSite.write(
            directory,
            Catalogue.entries().stream().filter(e -> wanted.contains(e.id())).toList(),
            1,
            page -> {});
    assertEquals(Map.of(Played.Verdict.AS_EXPECTED, 4), verdicts);
    String index = Files.readString(directory.resolve("index.html"));
    Matcher link = Pattern.compile("href=\"([^\"]+)\"").matcher(index);
    long links =
        link.results().peek(m -> assertTrue(Files.exists(directory.resolve(m.group(1))))).count();
    assertEquals(4, links);
  }

  @Test
  void everyMessageTypeCanBeShown() {
    for (Flight each : run.flights) {
      assertFalse(MessageFields.of(each.message).isEmpty());
      assertEquals(MessageType.valueOf(each.kind().replace('-', '_')), each.message.type());
    }
  }
}
