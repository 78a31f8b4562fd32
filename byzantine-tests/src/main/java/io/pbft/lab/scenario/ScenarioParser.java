package io.pbft.lab.scenario;

import io.pbft.lab.scenario.Vocabulary.Place;
import java.util.ArrayList;
import java.util.List;

/** Reads a scenario line by line. A line that begins with a space belongs to the one above. */
final class ScenarioParser {
  private static final String SECTIONS =
      "cluster, network, client, clients, traitor, expect, run or replay";

  private Scenario scenario;
  private boolean inNetwork;
  private boolean inTraitor;

  void line(String text, int number) {
    Cursor in = new Cursor(text, number);
    if (in.atEnd()) {
      return;
    }
    boolean indented = Character.isWhitespace(text.charAt(0));
    if (scenario == null) {
      begin(in, indented);
    } else if (indented) {
      rule(in);
    } else {
      section(in);
    }
    in.end();
  }

  Scenario finish(int lines) {
    if (scenario == null) {
      throw new ScriptException(lines, 1, "the end of the text", "scenario \"a title\"");
    }
    return scenario;
  }

  private void begin(Cursor in, boolean indented) {
    if (indented || !in.takeWord("scenario")) {
      throw in.expected("scenario \"a title\"");
    }
    String title = (String) Kind.TEXT.read(in);
    List<String> ids = new ArrayList<>();
    while (!in.atEnd()) {
      String id = in.word("an entry of the catalogue, such as P02");
      if (!id.matches("[A-Z]\\d{2}")) {
        throw in.misread("an entry of the catalogue, such as P02");
      }
      ids.add(id);
    }
    scenario = Scenario.named(title, ids.toArray(String[]::new));
  }

  private void section(Cursor in) {
    inNetwork = false;
    inTraitor = false;
    switch (in.word(SECTIONS)) {
      case "cluster" -> scenario = scenario.withCluster(PhraseParser.rest(in, scenario.cluster()));
      case "network" -> {
        scenario = scenario.withNetwork(PhraseParser.rest(in, scenario.network()));
        inNetwork = true;
      }
      case "client" -> scenario = scenario.andClient(setting(in, "client"));
      case "clients" -> scenario = scenario.andClient(setting(in, "clients"));
      case "traitor" -> {
        scenario = scenario.and(traitor(in));
        inTraitor = true;
      }
      case "expect" -> expect(in);
      case "replay" -> scenario = scenario.withReplay(PhraseParser.rest(in, scenario.replay()));
      case "run" -> scenario = scenario.lasting((Span) Kind.SPAN.read(in));
      default -> throw in.misread(SECTIONS);
    }
  }

  private static Phrase setting(Cursor in, String head) {
    return PhraseParser.rest(in, Vocabulary.phrase(Place.SETTING, head));
  }

  private static TraitorSpec traitor(Cursor in) {
    Actors who = Actors.parse(in);
    boolean colluding = in.takeWord("colluding");
    String plays = in.takeWord("plays") ? (String) Kind.NAME.read(in) : null;
    if (!in.atEnd()) {
      throw in.expected("colluding, plays, or the end of the line");
    }
    return new TraitorSpec(who, colluding, plays, List.of());
  }

  private void expect(Cursor in) {
    do {
      scenario = scenario.andExpect(PhraseParser.phrase(in, Place.EXPECTATION));
    } while (takeComma(in));
  }

  private static boolean takeComma(Cursor in) {
    boolean is = in.isSign(",");
    if (is) {
      in.next();
    }
    return is;
  }

  /** {@code when TRIGGER : ACTION}, {@code once TRIGGER : ACTION}, {@code at TIME : ACTION}. */
  private void rule(Cursor in) {
    if (!inNetwork && !inTraitor) {
      throw in.expected("no space before the line, since it belongs to no traitor or network");
    }
    boolean once = in.takeWord("once");
    if (!once && !in.isWord("at") && !in.isWord("every")) {
      if (!in.takeWord("when") && !in.takeWord("always")) {
        throw in.expected("when, always, once, at or every");
      }
    }
    Phrase trigger = PhraseParser.phrase(in, Place.TRIGGER);
    in.sign(":");
    if (inNetwork) {
      Phrase incident = PhraseParser.phrase(in, Place.INCIDENT);
      scenario = scenario.and(new Rule(once, trigger, incident));
    } else {
      append(new Rule(once, trigger, PhraseParser.phrase(in, Place.ACTION)));
    }
  }

  private void append(Rule rule) {
    List<TraitorSpec> traitors = new ArrayList<>(scenario.traitors());
    TraitorSpec last = traitors.remove(traitors.size() - 1);
    List<Rule> rules = new ArrayList<>(last.rules());
    rules.add(rule);
    traitors.add(new TraitorSpec(last.who(), last.colluding(), last.plays(), rules));
    scenario = scenario.withTraitors(traitors);
  }
}
