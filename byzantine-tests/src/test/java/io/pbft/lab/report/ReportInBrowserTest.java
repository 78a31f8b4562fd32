package io.pbft.lab.report;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pbft.lab.catalogue.Resources;
import io.pbft.lab.play.Service;
import io.pbft.lab.report.Browser.Look;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.ScenarioText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser. Where there is none it is installed, if this is a Debian and the user
 * may; else these tests are skipped and say so. {@code -Dlab.browser=none} skips them.
 */
class ReportInBrowserTest {
  private static final List<String> SHIPPED =
      List.of("two-faced-primary", "forged-view-change", "slow-primary");

  @TempDir private static Path directory;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(!System.getProperty("lab.browser", "").equals("none"), "told to skip the browser");
    Path binary = Browser.find();
    if (binary == null) {
      install();
      binary = Browser.find();
    }
    assumeTrue(binary != null, "SKIPPED: no chromium, and it could not be installed here");
    browser = Browser.start(binary);
    for (String name : SHIPPED) {
      Scenario scenario = ScenarioText.parse(Resources.read("scenarios/" + name + ".traitor"));
      RunReport.of(scenario, 1, Service.registers(), "pbft lab run " + name).write(page(name));
    }
  }

  /** What takes longer than a minute is not worth it. */
  private static void install() throws Exception {
    if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))
        || !"root".equals(System.getProperty("user.name"))) {
      return;
    }
    String install = "apt-get update && apt-get install -y --no-install-recommends chromium";
    Process process =
        new ProcessBuilder("sh", "-c", install)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void noScriptFailed() {
    assertEquals(List.of(), browser.errors());
  }

  private static Path page(String name) {
    return directory.resolve(name + ".html");
  }

  private static void open(String name) {
    browser.open(page(name), 1400, 1000, Look.LIGHT);
  }

  private static long number(String script) {
    return Long.parseLong(browser.eval("String(" + script + ")"));
  }

  private static void filter(String id, String value) {
    browser.eval(
        "(function(){var s=document.getElementById('"
            + id
            + "');s.value='"
            + value
            + "';s.dispatchEvent(new Event('change'));return s.value})()");
  }

  /** Pairs of texts of the diagram whose boxes overlap by more than their margins. */
  private static final String COLLISIONS =
      "(function(){var"
          + " t=Array.from(document.querySelectorAll('#diagram text')).map(function(e){"
          + "var b=e.getBBox();return {s:e.textContent,x:b.x+1,y:b.y+2,r:b.x+b.width-1,"
          + "b:b.y+b.height-2}}),out=[];for(var i=0;i<t.length;i++)for(var"
          + " j=0;j<i;j++)if(t[i].x<t[j].r&&t[j].x<t[i].r&&t[i].y<t[j].b&&t[j].y<t[i].b)"
          + "out.push(t[i].s+' / '+t[j].s);return out.join(', ')})()";

  private static final String ARROWS = "document.querySelectorAll('#diagram .arrow').length";

  /** How many arrows drawn do not fit what the script says of message number i. */
  private static long strangers(String fits) {
    return number(
        "Array.from(document.querySelectorAll('#diagram .arrow')).filter(function(e){var"
            + " i=+e.dataset.i,M=report.data.m,kind=report.data.kinds[M.kind[i]];return !("
            + fits
            + ")}).length");
  }

  @Test
  void itDrawsTheLieTheRefusalTheQuorumsAndTheNewView() {
    open("two-faced-primary");
    assertAll(
        () -> assertTrue(number("document.querySelectorAll('#diagram .arrow.lie').length") > 0),
        () -> assertTrue(number("document.querySelectorAll('#diagram .refuse').length") > 0),
        () -> assertTrue(number("document.querySelectorAll('#diagram .ring-P').length") >= 5),
        () -> assertTrue(number("document.querySelectorAll('#diagram .ring.stuck').length") >= 2),
        () -> assertTrue(number("document.querySelectorAll('#diagram .exec').length") >= 3),
        () -> assertTrue(number("document.querySelectorAll('#diagram .hatch.change').length") == 4),
        () -> assertTrue(number("document.querySelectorAll('#diagram .timer.fired').length") >= 3),
        () -> assertEquals(4, number("document.querySelectorAll('#diagram .phase').length")),
        () -> assertTrue(number("document.querySelectorAll('#diagram .cross').length") > 0));
  }

  @Test
  void eachFilterShowsOnlyWhatFits() {
    open("two-faced-primary");
    filter("f-slot", "7");
    assertEquals(0, strangers("M.slot[i]===7||kind==='VIEW-CHANGE'||kind==='NEW-VIEW'"));
    assertTrue(number(ARROWS) > 20);
    filter("f-kind", "PREPARE");
    assertEquals(0, strangers("M.slot[i]===7&&kind==='PREPARE'"));
    assertTrue(number(ARROWS) > 5);
    filter("f-view", "1");
    assertEquals(0, strangers("M.slot[i]===7&&kind==='PREPARE'&&M.view[i]===1"));
    long all = number(ARROWS);
    filter("f-who", "2");
    assertEquals(0, strangers("M.from[i]===2||M.to[i]===2"));
    assertTrue(number(ARROWS) > 0 && number(ARROWS) < all);
  }

  @Test
  void aClickOnALieShowsWhatItsCoreWouldHaveSaid() {
    open("two-faced-primary");
    String shown =
        browser.eval(
            "(function(){document.getElementById('see').scrollIntoView();var"
                + " e=document.querySelector('#diagram .arrow.lie:not(.withheld)"
                + " .line'),b=e.getBoundingClientRect(),svg=document.getElementById('diagram');"
                + "svg.dispatchEvent(new MouseEvent('click',{bubbles:true,"
                + "clientX:b.x+b.width/2,clientY:b.y+b.height/2}));"
                + "return document.getElementById('detail').innerText})()");
    assertAll(
        () -> assertTrue(shown.contains("PRE-PREPARE B"), shown),
        () -> assertTrue(shown.contains("digest ≠"), shown),
        () -> assertTrue(shown.contains("its core said"), shown),
        () -> assertTrue(shown.contains("BAD_CLIENT_AUTH"), shown),
        () -> assertTrue(shown.contains("put x 666"), shown));
  }

  @Test
  void whatLiesUnderThePointerLightsItsCausalPast() {
    open("two-faced-primary");
    String kinds =
        browser.eval(
            "(function(){var d=report.data,M=d.m,i=0;"
                + "document.querySelectorAll('#diagram .arrow.k-commit:not(.lie)').forEach(function(e){"
                + "if(M.view[+e.dataset.i]===1)i=+e.dataset.i});"
                + "document.getElementById('see').scrollIntoView();"
                + "var e=document.querySelector('#diagram [data-i=\"'+i+'\"] .line'),"
                + "b=e.getBoundingClientRect(),svg=document.getElementById('diagram');"
                + "svg.dispatchEvent(new MouseEvent('mousemove',{bubbles:true,"
                + "clientX:b.x+b.width/2,clientY:b.y+b.height/2}));"
                + "return Array.from(new Set(Array.from(document.querySelectorAll('#diagram"
                + " .past')).map(function(e){return d.kinds[M.kind[+e.dataset.i]]}))).join(' ')})()");
    assertTrue(kinds.contains("PREPARE"), kinds);
    assertTrue(kinds.contains("VIEW-CHANGE"), kinds);
  }

  @Test
  void theKeyboardReachesEverything() {
    open("two-faced-primary");
    browser.eval("(document.getElementById('diagram').focus(),'')");
    press("l");
    assertTrue(browser.eval("document.getElementById('detail').innerText").contains("lie"));
    press("r");
    assertTrue(browser.eval("document.getElementById('detail').innerText").contains("refused at"));
    press("f");
    assertEquals(7, number("report.state.slot"));
    long chosen = number("report.state.chosen");
    press("ArrowRight");
    assertNotEquals(chosen, number("report.state.chosen"));
    long span = number("Math.round(report.state.to-report.state.from)");
    press("+");
    assertTrue(number("Math.round(report.state.to-report.state.from)") < span);
    press("Escape");
    assertEquals(-1, number("report.state.chosen"));
  }

  @Test
  void theOtherKeysMoveZoomPlayAndOpen() {
    open("two-faced-primary");
    long from = number(FROM);
    press("ArrowRight', shiftKey:true, x:'");
    assertTrue(number(FROM) > from);
    press("ArrowLeft', shiftKey:true, x:'");
    press("ArrowLeft', shiftKey:true, x:'");
    assertTrue(number(FROM) < from);
    press("-");
    press("0");
    assertEquals(number("Math.round(report.data.window[0])"), number(FROM));
    press("l");
    long first = number("report.state.chosen");
    press("ArrowRight");
    press("ArrowLeft");
    press("l");
    assertTrue(number("report.state.chosen") > first, "the next lie");
    press("Enter");
    assertEquals("detail", browser.eval("document.activeElement.id"));
    press(" ");
    assertTrue(browser.eval("document.getElementById('b-play').textContent").contains("pause"));
    press(" ");
    assertTrue(browser.eval("document.getElementById('b-play').textContent").contains("play"));
  }

  /** Each does what its name says; none is without effect. */
  @Test
  void everyButtonOfTheToolbarDoesSomething() {
    open("two-faced-primary");
    for (String id : List.of("b-in", "b-out", "b-left", "b-right", "b-all", "b-attack")) {
      String before = browser.eval(WINDOW);
      click(id);
      assertNotEquals(before, browser.eval(WINDOW), id);
    }
    click("b-lie");
    assertTrue(browser.eval("document.getElementById('detail').innerText").contains("lie"));
    click("b-refusal");
    assertTrue(browser.eval("document.getElementById('detail').innerText").contains("refused at"));
    browser.eval("(document.querySelector('#detail .follow').click(),'')");
    assertEquals(7, number("report.state.slot"));
    browser.eval("(document.querySelector('#detail .close').click(),'')");
    assertEquals("true", browser.eval("String(document.getElementById('detail').hidden)"));
    click("b-all");
    assertEquals(0, number(FROM));
    assertEquals(number("report.data.end"), number("Math.round(report.state.to)"));
  }

  @Test
  void itIsDarkWhereTheReaderWantsItAndLightOnPaper() {
    browser.open(page("two-faced-primary"), 1400, 1000, Look.DARK);
    assertEquals("dark", browser.eval(THEME));
    browser.eval("(window.dispatchEvent(new Event('beforeprint')),'')");
    assertEquals("light", browser.eval(THEME));
    browser.eval("(window.dispatchEvent(new Event('afterprint')),'')");
    assertEquals("dark", browser.eval(THEME));
    click("theme");
    assertEquals("light", browser.eval(THEME));
    browser.open(page("two-faced-primary"), 800, 1000, Look.PRINT);
    assertEquals(
        "none", browser.eval("getComputedStyle(document.getElementById('tools')).display"));
    assertTrue(number("document.getElementById('diagram').clientWidth") <= 800);
  }

  private static final String THEME = "document.documentElement.dataset.theme";
  private static final String FROM = "Math.round(report.state.from)";
  private static final String WINDOW = "report.state.from+' '+report.state.to";

  private static void click(String id) {
    browser.eval("(document.getElementById('" + id + "').click(),'')");
  }

  private static void press(String key) {
    browser.eval(
        "(document.getElementById('diagram').dispatchEvent(new KeyboardEvent('keydown',{key:'"
            + key
            + "',bubbles:true})),'')");
  }

  @Test
  void aSentenceOfTheStoryAndASlotOfTheGridLeadToTheDiagram() {
    open("two-faced-primary");
    browser.eval("(document.querySelectorAll('.story .jump')[1].click(),'')");
    assertTrue(number("document.querySelectorAll('#diagram .past').length") > 0);
    browser.eval("(document.querySelector('.grid .slot[data-slot=\"9\"]').click(),'')");
    assertEquals(9, number("report.state.slot"));
    assertTrue(number(ARROWS) > 10);
  }

  @Test
  void theScrubBarDrawsOnlyWhatHasHappened() {
    open("two-faced-primary");
    browser.eval(
        "(function(){var s=document.getElementById('scrub');s.value=300;"
            + "s.dispatchEvent(new Event('input'));return ''})()");
    assertEquals(
        0,
        number(
            "Array.from(document.querySelectorAll('#diagram [data-t]')).filter(function(e){return"
                + " (+e.dataset.t>report.state.cursor)!==e.classList.contains('future')}).length"));
    assertTrue(number("document.querySelectorAll('#diagram .future').length") > 10);
  }

  @Test
  void downloadsAreWhatTheyClaimToBe() {
    open("two-faced-primary");
    long messages = number("report.data.m.sent.length");
    assertEquals(
        0,
        number(
            "report.shiviz().trim().split('\\n').filter(function(l){var m=/^(\\S+) (\\{.*\\})"
                + " (.*)$/.exec(l);return !m||!(JSON.parse(m[2])[m[1]]>0)}).length"));
    assertEquals(
        messages,
        number(
            "report.jsonl().trim().split('\\n').map(JSON.parse).filter(function(o){return"
                + " o.type==='message'}).length"));
    assertEquals(messages + 1, number("report.csv().trim().split('\\n').length"));
    assertEquals(
        0,
        number(
            "new DOMParser().parseFromString(report.svg(),'image/svg+xml')"
                + ".getElementsByTagName('parsererror').length"));
  }

  @Test
  void labelsDoNotCollideInTheShippedExamples() {
    List<String> collisions = new ArrayList<>();
    for (String name : SHIPPED) {
      for (int width : new int[] {1400, 800}) {
        for (Look look : List.of(width == 1400 ? Look.LIGHT : Look.DARK, Look.PRINT)) {
          browser.open(page(name), width, 1000, look);
          String found = browser.eval(COLLISIONS);
          if (!found.isEmpty()) {
            collisions.add(name + " at " + width + ": " + found);
          }
          assertFalse(
              Boolean.parseBoolean(
                  browser.eval(
                      "String(document.documentElement.scrollWidth>document.documentElement.clientWidth)")),
              name + " is wider than " + width);
        }
      }
    }
    assertEquals(List.of(), collisions);
  }

  /** The control of the test above: it sees a label that is put on top of another. */
  @Test
  void aCollisionWouldBeSeen() {
    open("two-faced-primary");
    String label =
        browser.eval(
            "(function(){var t=document.querySelector('#diagram .say'),c=t.cloneNode(true);"
                + "c.setAttribute('x',+t.getAttribute('x')+6);c.textContent='ON TOP';"
                + "t.parentNode.appendChild(c);return t.textContent})()");
    assertEquals("ON TOP / " + label, browser.eval(COLLISIONS));
  }

  /** What is promised is two seconds for 100 000 messages; counted here is what costs the time. */
  @Test
  void aLargeRunIsSmallAndCollapses() throws Exception {
    String text =
        "scenario \"large\"\ncluster n=7\nclients 8 kv puts=110 outstanding=2\ntraitor r0\n"
            + "  when sending PRE-PREPARE slot=40 to r6 : forge batch=[put x 666]\nrun 60s\n";
    RunReport report =
        RunReport.of(ScenarioText.parse(text), 1, Service.registers(), "pbft lab run large");
    report.write(page("large"));
    open("large");
    long messages = number("report.data.m.sent.length");
    assertTrue(messages > 15_000, messages + " messages");
    assertTrue(Files.size(page("large")) < messages * 100, Files.size(page("large")) + " bytes");
    assertTrue(number("document.querySelectorAll('#diagram *').length") < 6_000);
    filter("f-slot", "-1");
    browser.eval("(document.getElementById('b-all').click(),'')");
    assertTrue(number("document.querySelectorAll('#diagram *').length") < 20_000);
    assertTrue(browser.eval("document.getElementById('status').textContent").contains("too many"));
  }
}
