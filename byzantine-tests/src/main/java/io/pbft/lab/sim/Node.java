package io.pbft.lab.sim;

import io.pbft.crypto.Principal;

/** Something with a link to the network. */
interface Node {
  Principal principal();

  /**
   * Where it is: a replica's id, a number above all ids for a second copy of one, and {@link
   * #EVERYWHERE} for a client.
   */
  int place();

  /** The place of a client, on whose links partitions have no effect. */
  int EVERYWHERE = -1;

  /** Payload bytes arrive, from whom the link says. */
  void receive(Principal from, byte[] payload);
}
