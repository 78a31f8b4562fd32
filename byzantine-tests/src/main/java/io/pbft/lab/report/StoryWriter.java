package io.pbft.lab.report;

import io.pbft.lab.report.RunRecord.Mark;
import io.pbft.lab.report.RunRecord.Refusal;
import io.pbft.lab.report.RunRecord.TimerSpan;
import io.pbft.lab.report.RunRecord.What;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Tells the run in five to nine sentences, each with the place in the diagram that shows it. */
final class StoryWriter {
  /**
   * One sentence.
   *
   * @param at when it happens
   * @param weight the lightest are left out where there are too many
   * @param flights messages that show it
   */
  record Sentence(long at, long until, int weight, String html, Collection<Integer> flights) {}

  private static final long NEAR_MICROS = 6_000;
  private static final int FEWEST = 5;
  private static final int MOST = 9;

  private final RunRecord run;
  private final Digests digests;
  private final Recovery recovery;
  private final LieTeller lies;
  private final List<Sentence> story = new ArrayList<>();

  StoryWriter(RunRecord run, Digests digests, Recovery recovery) {
    this.run = run;
    this.digests = digests;
    this.recovery = recovery;
    this.lies = new LieTeller(run, digests);
  }

  List<Sentence> sentences() {
    setting();
    faults();
    lies();
    deafness();
    refusals();
    stuck();
    timer();
    newView();
    agreement();
    end();
    ordinary();
    story.sort(Comparator.comparingLong(Sentence::at));
    while (story.size() > MOST) {
      story.remove(story.stream().min(Comparator.comparingInt(Sentence::weight)).orElseThrow());
    }
    return story;
  }

  String html() {
    StringBuilder out = new StringBuilder("<ol class=\"story\">");
    for (Sentence each : sentences()) {
      String time = "<span class=\"when\">" + Html.millis(each.at()) + "</span>";
      String inner = time + "<span>" + each.html() + "</span>";
      out.append("<li>")
          .append(Html.jump(each.at(), each.until(), each.flights(), inner))
          .append("</li>");
    }
    return out.append("</ol>").toString();
  }

  private void say(int weight, long at, long until, String html, Collection<Integer> flights) {
    story.add(new Sentence(at, Math.max(at, until), weight, html, flights));
  }

  private static String b(String name) {
    return "<b>" + name + "</b>";
  }

  private void setting() {
    List<String> traitors = new ArrayList<>();
    for (int lane = 0; lane < run.names.size(); lane++) {
      if (run.isTraitor(lane)) {
        traitors.add("<b class=\"bad\">" + run.name(lane) + "</b>");
      }
    }
    String who =
        traitors.isEmpty()
            ? "nobody lies"
            : Html.and(traitors) + (traitors.size() == 1 ? " is a traitor" : " are traitors");
    String asked = Html.count(run.operations.size(), "operation");
    say(
        6,
        0,
        NEAR_MICROS,
        String.format(
            "%d replicas may hold %s (<i>n</i> = 3<i>f</i> + 1); here %s. Clients ask for %s.",
            run.n(), Html.count(run.f(), "traitor"), who, asked),
        List.of());
  }

  private void faults() {
    run.incidents.stream()
        .min(Comparator.comparingLong(RunRecord.Incident::fromMicros))
        .ifPresent(
            i -> {
              boolean over = i.toMicros() >= 0;
              String end = over ? " Healed at " + Html.millis(i.toMicros()) + "." : "";
              String html = "The world turns: " + Html.code(i.what()) + "." + end;
              say(9, i.fromMicros(), over ? i.toMicros() : i.fromMicros(), html, List.of());
            });
  }

  private void lies() {
    List<Flight> all = run.lies();
    if (all.isEmpty()) {
      return;
    }
    List<Flight> first = lies.sameAs(all.get(0), all);
    say(10, first.get(0).sentMicros, lies.until(first), lies.tell(first), LieTeller.numbers(first));
    List<Flight> rest = all.stream().filter(f -> !first.contains(f)).toList();
    if (!rest.isEmpty()) {
      Flight next = rest.get(0);
      List<Flight> group = lies.sameAs(next, rest);
      String more = rest.size() - group.size() == 0 ? "" : " " + lies.tally(all);
      say(3, next.sentMicros, lies.until(group), lies.tell(group) + more, LieTeller.numbers(group));
    }
  }

  private void deafness() {
    if (run.ignored.isEmpty()) {
      return;
    }
    RunRecord.Ignored first = run.ignored.get(0);
    long alike = run.ignored.stream().filter(i -> i.kind().equals(first.kind())).count();
    String html =
        String.format(
            "<b class=\"bad\">%s</b> acts as if the %s of %s had not come.%s",
            run.name(first.who()),
            first.kind(),
            b(run.name(first.sender())),
            alike == 1 ? "" : " So it does with " + alike + " of them.");
    List<Integer> shown = first.flight() < 0 ? List.of() : List.of(first.flight());
    say(10, first.atMicros(), NEAR_MICROS + first.atMicros(), html, shown);
  }

  private void refusals() {
    if (run.refusals.isEmpty()) {
      if (recovery.wasAttacked()) {
        long until = recovery.startMicros() + NEAR_MICROS;
        String html = "No correct replica refuses anything: there is no lie on the wire to refuse.";
        say(9, recovery.startMicros() + 1, until, html, List.of());
      }
      return;
    }
    Refusal first = run.refusals.get(0);
    TreeSet<String> reasons = new TreeSet<>();
    run.refusals.forEach(r -> reasons.add("<code>" + r.reason() + "</code>"));
    String sender = first.sender() < 0 ? "" : " of " + run.name(first.sender());
    String rest =
        run.refusals.size() == 1
            ? ""
            : " In all, correct replicas refuse "
                + Html.count(run.refusals.size(), "message")
                + (reasons.size() == 1 ? "." : ": " + Html.and(reasons) + ".");
    String html =
        b(run.name(first.who()))
            + " refuses the "
            + first.kind()
            + sender
            + ": <code>"
            + first.reason()
            + "</code>, "
            + Html.escape(first.reason().meaning())
            + "."
            + rest;
    List<Integer> shown = first.flight() < 0 ? List.of() : List.of(first.flight());
    say(9, first.atMicros(), first.atMicros(), html, shown);
  }

  /** Replicas that prepared the slot of the lie and could not commit before they lost patience. */
  private void stuck() {
    long slot = recovery.slot();
    if (slot < 0 || recovery.askedMicros() < 0) {
      return;
    }
    List<Mark> prepared =
        run.correctMarks(What.PREPARED).stream()
            .filter(m -> m.slot() == slot && m.atMicros() < recovery.askedMicros())
            .toList();
    boolean committed =
        run.correctMarks(What.COMMITTED).stream()
            .anyMatch(m -> m.slot() == slot && m.atMicros() < recovery.askedMicros());
    if (prepared.isEmpty() || committed) {
      return;
    }
    TreeSet<String> who = new TreeSet<>();
    prepared.forEach(m -> who.add(b(run.name(m.who()))));
    String html =
        Html.and(who)
            + (who.size() == 1 ? " has" : " have")
            + " prepared slot "
            + slot
            + " as "
            + digests.letter(slot, prepared.get(0).digest())
            + ", but a quorum of "
            + run.config().quorums().quorum()
            + " commits does not come together.";
    Mark last = prepared.get(prepared.size() - 1);
    say(4, last.atMicros(), last.atMicros(), html, List.of());
  }

  private void timer() {
    if (recovery.askedMicros() < 0) {
      return;
    }
    long at = recovery.askedMicros();
    List<Mark> asked =
        run.correctMarks(What.VIEW_CHANGE).stream().filter(m -> m.atMicros() >= at).toList();
    Mark first = asked.get(0);
    TimerSpan fired =
        run.timers.stream()
            .filter(t -> t.who() == first.who() && t.toMicros() == at && t.how().equals("fired"))
            .findFirst()
            .orElse(null);
    String why =
        fired == null
            ? " asks for view "
            : " has waited "
                + Html.millis(fired.toMicros() - fired.fromMicros())
                + "; its "
                + fired.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-')
                + " timer runs out and it asks for view ";
    TreeSet<String> others = new TreeSet<>();
    asked.stream()
        .filter(m -> m.view() == first.view() && m.who() != first.who())
        .forEach(m -> others.add(run.name(m.who())));
    String follow =
        others.isEmpty()
            ? ""
            : "; " + Html.and(others) + (others.size() == 1 ? " follows" : " follow");
    say(8, at, at, b(run.name(first.who())) + why + first.view() + follow + ".", List.of());
  }

  private void newView() {
    if (!recovery.changedView()) {
      return;
    }
    run.marks(What.ENTERED).stream()
        .filter(m -> m.atMicros() == recovery.enteredMicros())
        .findFirst()
        .ifPresent(
            m -> {
              String html =
                  "A quorum of replicas works in view "
                      + m.view()
                      + ", "
                      + m.note()
                      + ", "
                      + Html.millis(recovery.enteredMicros() - recovery.askedMicros())
                      + " after the first asked for a change.";
              say(7, m.atMicros(), m.atMicros(), html, List.of());
            });
  }

  private void agreement() {
    long slot = recovery.slot();
    List<Mark> executed =
        run.correctMarks(What.EXECUTED).stream().filter(m -> m.slot() == slot).toList();
    if (slot < 0 || executed.isEmpty()) {
      return;
    }
    TreeSet<String> letters = new TreeSet<>();
    TreeSet<String> who = new TreeSet<>();
    for (Mark each : executed) {
      letters.add(digests.letter(slot, each.digest()));
      who.add(run.name(each.who()));
    }
    Mark last = executed.get(executed.size() - 1);
    String html =
        letters.size() == 1
            ? Html.and(who) + " execute slot " + slot + " as " + letters.first() + ", all the same."
            : "<b class=\"bad\">Agreement is broken</b>: slot "
                + slot
                + " is executed as "
                + Html.and(letters)
                + ".";
    say(6, last.atMicros(), last.atMicros(), html, List.of());
  }

  /** Where little happened, what every run has: how it began to work and how far it came. */
  private void ordinary() {
    if (story.size() < FEWEST) {
      firstAnswer();
    }
    if (story.size() < FEWEST) {
      slots();
    }
    if (story.size() < FEWEST) {
      messages();
    }
  }

  private void firstAnswer() {
    run.operations.stream()
        .filter(o -> o.toMicros() >= 0)
        .min(Comparator.comparingLong(RunRecord.Operation::toMicros))
        .ifPresentOrElse(
            o -> {
              String took = Html.millis(o.toMicros() - o.fromMicros());
              String html = b(run.name(o.who())) + " has the first answer, after " + took + ".";
              say(2, o.toMicros(), o.toMicros(), html, List.of());
            },
            () -> say(2, run.endMicros, run.endMicros, "Nobody ever has an answer.", List.of()));
  }

  private void slots() {
    List<Mark> executed = run.correctMarks(What.EXECUTED);
    if (executed.isEmpty()) {
      say(2, run.endMicros, run.endMicros, "No correct replica executes anything.", List.of());
      return;
    }
    Mark last = executed.get(executed.size() - 1);
    long slots = executed.stream().mapToLong(Mark::slot).distinct().count();
    long views = run.correctMarks(What.ENTERED).stream().mapToLong(Mark::view).distinct().count();
    String html =
        b(run.name(last.who()))
            + " is the last correct replica to execute: "
            + Html.count(slots, "slot")
            + (views == 0 ? ", all in the first view." : ", in " + (views + 1) + " views.");
    say(2, last.atMicros(), last.atMicros(), html, List.of());
  }

  private void messages() {
    long lost = run.flights.stream().filter(f -> f.fate == Flight.Fate.LOST).count();
    long answered = run.operations.stream().filter(o -> o.toMicros() >= 0).count();
    String each =
        answered == 0 ? "" : ", " + run.flights.size() / answered + " for each operation answered";
    String html = "The network loses " + Html.count(lost, "message") + " of " + run.flights.size();
    say(1, run.endMicros, run.endMicros, html + each + ".", List.of());
  }

  private void end() {
    long done = run.operations.stream().filter(o -> o.toMicros() >= 0).count();
    if (recovery.servedMicros() >= 0 && recovery.wasAttacked()) {
      String html =
          "A client has its answer, "
              + Html.millis(recovery.tookMicros())
              + " after the first "
              + (run.lies().isEmpty() ? "fault." : "lie.");
      say(5, recovery.servedMicros(), recovery.servedMicros(), html, List.of());
    }
    String last =
        Html.count(run.flights.size(), "message")
            + " later "
            + done
            + " of "
            + Html.count(run.operations.size(), "operation")
            + (done == run.operations.size() ? " are answered." : " are answered, the rest wait.");
    say(5, run.endMicros, run.endMicros, last, List.of());
  }
}
