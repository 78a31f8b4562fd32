package io.pbft.compare.sim;

import java.util.List;

/**
 * What is left after a leader has lied.
 *
 * @param states each correct replica's
 * @param asked operations that the client has asked for
 * @param answered of these, how many were answered
 * @param noticed what correct replicas have noticed of the lie, each with how often
 */
public record Aftermath(List<State> states, int asked, int answered, List<String> noticed) {
  /** A replica's state, as text. */
  public record State(int replica, String contents) {}

  public Aftermath {
    states = List.copyOf(states);
    noticed = List.copyOf(noticed);
  }
}
