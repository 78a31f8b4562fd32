package io.pbft.net;

import io.pbft.crypto.Principal;

/** From whom a transport reads: the owner's means to hold back peers when it is behind. */
public enum Intake {
  /** From everyone. */
  ALL,
  /** From replicas; clients wait. */
  REPLICAS_ONLY,
  /** From nobody. */
  NOTHING;

  boolean admits(Principal.Kind kind) {
    return this == ALL || (this == REPLICAS_ONLY && kind == Principal.Kind.REPLICA);
  }
}
