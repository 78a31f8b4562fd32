package io.pbft.lab.scenario;

import io.pbft.lab.scenario.Vocabulary.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Scenarios at random, of all phrases that there are. */
final class RandomScenarios {
  private final SplittableRandom random;

  RandomScenarios(long seed) {
    random = new SplittableRandom(seed);
  }

  Scenario next() {
    Scenario scenario =
        Scenario.named("scenario " + random.nextInt(1000), "P0" + random.nextInt(9));
    scenario =
        scenario
            .withCluster(filled("cluster"))
            .withNetwork(filled("network"))
            .withReplay(filled("replay"))
            .lasting((Span) Kind.SPAN.sample(random));
    for (int i = random.nextInt(3); i > 0; i--) {
      scenario = scenario.andClient(filled(random.nextBoolean() ? "client" : "clients"));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      Actors who = (Actors) Kind.ACTORS.sample(random);
      String plays = random.nextInt(4) == 0 ? "liar" : null;
      List<Rule> rules = new ArrayList<>();
      for (int r = random.nextInt(4); r > 0; r--) {
        rules.add(rule(Place.ACTION));
      }
      scenario = scenario.and(new TraitorSpec(who, random.nextBoolean(), plays, rules));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      scenario = scenario.and(rule(Place.INCIDENT));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      scenario = scenario.andExpect(any(Place.EXPECTATION));
    }
    return scenario;
  }

  private Rule rule(Place action) {
    return new Rule(random.nextBoolean(), any(Place.TRIGGER), any(action));
  }

  private Phrase any(Place place) {
    List<Form> forms = Vocabulary.forms(place);
    return fill(Vocabulary.phrase(place, forms.get(random.nextInt(forms.size())).head()));
  }

  private Phrase filled(String setting) {
    return fill(Vocabulary.phrase(Place.SETTING, setting));
  }

  private Phrase fill(Phrase phrase) {
    Phrase filled = phrase;
    for (Param param : phrase.form().params()) {
      if (param.required() || random.nextInt(3) == 0) {
        filled = filled.with(param.name(), param.kind().sample(random));
      }
    }
    return filled;
  }
}
