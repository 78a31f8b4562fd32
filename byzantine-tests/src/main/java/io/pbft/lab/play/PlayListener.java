package io.pbft.lab.play;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.message.Message;
import io.pbft.crypto.Principal;
import io.pbft.lab.sim.RunListener;
import java.util.List;

/**
 * Sees everything that happens in a scenario: what the simulation reports, and what its script does
 * to it. Called in order, on the thread that plays; changes nothing.
 */
public interface PlayListener extends RunListener {
  /** Hears nothing. */
  PlayListener NONE = new PlayListener() {};

  /** Who takes part. */
  record Cast(
      ProtocolConfig config,
      List<Integer> traitors,
      List<Integer> clients,
      List<Integer> badClients) {}

  /** The world stands, and nobody has said anything. */
  default void onCast(Cast cast) {}

  /**
   * A traitor says something other than its core would have. Comes before the message leaves.
   *
   * @param honest what its core would have said; null where it would have said nothing
   * @param said what it says instead, the same object if only its bytes, its time or its receiver
   *     differ
   * @param action as the script spells it
   */
  default void onLie(
      long atMicros, Principal from, Principal to, Message honest, Message said, String action) {}

  /** A traitor keeps to itself what its core would have said. */
  default void onWithheld(
      long atMicros, Principal from, Principal to, Message honest, String action) {}

  /** A traitor acts as if it had not got a message that has just arrived. */
  default void onIgnored(long atMicros, Principal from, Principal by, Message message) {}

  /** Something befalls the network or a replica, as the script spells it. */
  default void onIncident(long atMicros, String what) {}

  /** What {@link #onIncident} began is over. */
  default void onIncidentOver(long atMicros, String what) {}
}
