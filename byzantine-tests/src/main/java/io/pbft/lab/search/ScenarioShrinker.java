package io.pbft.lab.search;

import io.pbft.lab.scenario.Phrase;
import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.TraitorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a scenario that goes wrong shorter for as long as it still goes wrong: leaves out traitors,
 * their rules, what befalls network and replicas, clients, operations, and settings, one at a time,
 * until nothing more can go. What is left is a script that a person can read.
 */
public final class ScenarioShrinker {
  /**
   * What is left.
   *
   * @param scenario still goes wrong
   * @param runs how many runs it took
   */
  public record Shrunk(Scenario scenario, int runs) {}

  private final Predicate<Scenario> goesWrong;
  private final int maxRuns;
  private Scenario best;
  private int runs;

  private ScenarioShrinker(Scenario scenario, Predicate<Scenario> goesWrong, int maxRuns) {
    this.best = scenario;
    this.goesWrong = goesWrong;
    this.maxRuns = maxRuns;
  }

  /**
   * Shrinks.
   *
   * @param scenario goes wrong
   * @param goesWrong whether another one does, in the same way
   * @param maxRuns where to stop, short enough or not
   */
  public static Shrunk shrink(Scenario scenario, Predicate<Scenario> goesWrong, int maxRuns) {
    ScenarioShrinker shrinker = new ScenarioShrinker(scenario, goesWrong, maxRuns);
    Scenario before;
    do {
      before = shrinker.best;
      shrinker.round();
    } while (shrinker.runs < maxRuns && !before.equals(shrinker.best));
    return new Shrunk(shrinker.best, shrinker.runs);
  }

  private boolean accept(Scenario candidate) {
    if (runs >= maxRuns || candidate.equals(best)) {
      return false;
    }
    runs++;
    if (!goesWrong.test(candidate)) {
      return false;
    }
    best = candidate;
    return true;
  }

  private void round() {
    for (int i = best.timeline().size() - 1; i >= 0; i--) {
      accept(best.withTimeline(without(best.timeline(), i)));
    }
    for (int i = best.traitors().size() - 1; i >= 0; i--) {
      accept(best.withTraitors(without(best.traitors(), i)));
    }
    rules();
    clients();
    for (String setting : best.cluster().given()) {
      accept(best.withCluster(best.cluster().without(setting)));
    }
    for (int i = best.expectations().size() - 1; i > 0; i--) {
      accept(best.withExpectations(without(best.expectations(), i)));
    }
    plainer();
  }

  private static <T> List<T> without(List<T> list, int index) {
    List<T> fewer = new ArrayList<>(list);
    fewer.remove(index);
    return fewer;
  }

  private static <T> List<T> replaced(List<T> list, int index, T element) {
    List<T> other = new ArrayList<>(list);
    other.set(index, element);
    return other;
  }

  private void rules() {
    for (int t = 0; t < best.traitors().size(); t++) {
      for (int i = best.traitors().get(t).rules().size() - 1; i >= 0; i--) {
        accept(withRules(t, without(best.traitors().get(t).rules(), i)));
      }
    }
  }

  private Scenario withRules(int traitor, List<Rule> rules) {
    TraitorSpec spec = best.traitors().get(traitor);
    TraitorSpec other = new TraitorSpec(spec.who(), spec.colluding(), spec.plays(), rules);
    return best.withTraitors(replaced(best.traitors(), traitor, other));
  }

  private void clients() {
    for (int i = 0; i < best.clients().size(); i++) {
      Phrase each = best.clients().get(i);
      if (each.number("count", 1) > 1) {
        accept(best.withClients(replaced(best.clients(), i, each.with("count", 1L))));
      }
      for (String setting : List.of("mixed", "reads", "outstanding")) {
        Phrase now = best.clients().get(i);
        accept(best.withClients(replaced(best.clients(), i, now.without(setting))));
      }
      operations(i);
    }
  }

  /** As few as bisection gets. */
  private void operations(int client) {
    long low = 1;
    long high = best.clients().get(client).number("puts", 1);
    while (low < high && runs < maxRuns) {
      long middle = (low + high) / 2;
      Phrase fewer = best.clients().get(client).with("puts", middle);
      if (accept(best.withClients(replaced(best.clients(), client, fewer)))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
  }

  /** Conditions and details of what is left. */
  private void plainer() {
    for (int t = 0; t < best.traitors().size(); t++) {
      for (int i = 0; i < best.traitors().get(t).rules().size(); i++) {
        Rule rule = best.traitors().get(t).rules().get(i);
        for (String detail : rule.trigger().given()) {
          Rule now = best.traitors().get(t).rules().get(i);
          Rule plain = new Rule(now.once(), now.trigger().without(detail), now.action());
          accept(withRules(t, replaced(best.traitors().get(t).rules(), i, plain)));
        }
      }
    }
    for (int i = 0; i < best.timeline().size(); i++) {
      for (String detail : List.of("type", "from", "amnesiac", "power")) {
        Rule now = best.timeline().get(i);
        if (now.action().has(detail)) {
          Rule plain = new Rule(now.once(), now.trigger(), now.action().without(detail));
          accept(best.withTimeline(replaced(best.timeline(), i, plain)));
        }
      }
    }
  }
}
