package io.pbft.crypto;

/** Why a handshake was refused. For logs and metrics: never sent to the peer. */
public enum HandshakeRefusal {
  /**
   * Not a message of this protocol, of the wrong length, out of turn, or with a field out of
   * bounds.
   */
  MALFORMED,
  /** The peer speaks another version of the handshake. */
  WRONG_VERSION,
  /** The peer belongs to another cluster. */
  WRONG_CLUSTER,
  /** The peer lives in another epoch: one of the two has to catch up. */
  WRONG_EPOCH,
  /** Same epoch, different configuration: a mistake of operators, or worse. */
  CONFIG_MISMATCH,
  /** The directory has no key for the peer. */
  UNKNOWN_PRINCIPAL,
  /** The peer wanted to reach somebody else, or this side claims to be the peer. */
  WRONG_RECEIVER,
  /** The signature does not fit the peer's key and what was said. */
  BAD_AUTH,
  /** The peer's ephemeral key is of low order, so the secret would be no secret. */
  WEAK_KEY
}
