package io.pbft.lab.sim;

import io.pbft.crypto.Principal;

/** Something with a link to the network. */
interface Node {
  Principal principal();

  /** Payload bytes arrive, from whom the link says. */
  void receive(Principal from, byte[] payload);
}
