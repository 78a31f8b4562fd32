package io.pbft.lab.play;

import io.pbft.lab.scenario.Rule;
import io.pbft.lab.scenario.Scenario;
import io.pbft.lab.scenario.TraitorSpec;
import java.util.Set;

/** Refuses rules that could never do what they say. */
final class Sense {
  private static final Set<String> TIMED = Set.of("starting", "at", "every");
  private static final Set<String> MAY_DROP = Set.of("receiving", "timer", "sending");

  private Sense() {}

  static void check(Scenario scenario) {
    for (TraitorSpec traitor : scenario.traitors()) {
      boolean isClient = traitor.who().words().stream().allMatch(w -> w.matches("c\\d+"));
      traitor.rules().forEach(rule -> check(rule, isClient));
    }
  }

  private static void check(Rule rule, boolean isClient) {
    String trigger = rule.trigger().head();
    String action = rule.action().head();
    if (isClient && (!TIMED.contains(trigger) || !action.equals("request"))) {
      throw new IllegalArgumentException(
          "a client can only 'request', when starting, at or every; not '" + rule.action() + "'");
    }
    boolean needsMessage = Rewriter.changes(rule.action());
    boolean drops = action.equals("drop") && MAY_DROP.contains(trigger);
    if (needsMessage && !drops && !trigger.equals("sending")) {
      throw new IllegalArgumentException(
          "'" + rule.action() + "' needs 'when sending', not '" + rule.trigger() + "'");
    }
    if (action.equals("reflect") && !trigger.equals("receiving")) {
      throw new IllegalArgumentException("'reflect' needs 'when receiving'");
    }
  }
}
