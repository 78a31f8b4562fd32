package io.pbft.core.validation;

import io.pbft.core.message.MessageType;

/**
 * What authenticates messages between replicas, beyond the MAC that each frame of a link has
 * anyway.
 */
public enum AuthenticationMode {
  /** The link's MAC; only view-changes, new-views and checkpoints are signed. */
  MAC,
  /** An Ed25519 signature on every message: contradictions become proofs of misbehaviour. */
  SIGNATURE;

  /** Whether messages of the type carry a signature. Requests carry their client's instead. */
  public boolean signs(MessageType type) {
    return type.origin() == MessageType.Origin.REPLICA
        && (this == SIGNATURE || type.alwaysSigned());
  }
}
