package io.pbft.lab.scenario;

import java.util.List;

/**
 * Traitors with the same rules.
 *
 * @param who replicas or clients; resolved at the start
 * @param colluding they share keys and what they know
 * @param plays a traitor written in Java that the rules come on top of, or null
 * @param rules tried in this order on each message; each sees what the one before has made of it
 */
public record TraitorSpec(Actors who, boolean colluding, String plays, List<Rule> rules) {
  public TraitorSpec {
    rules = List.copyOf(rules);
  }
}
