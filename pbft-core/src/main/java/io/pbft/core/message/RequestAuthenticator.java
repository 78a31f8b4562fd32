package io.pbft.core.message;

/**
 * How a client vouches for a request: by a signature, or by a vector of MACs, one entry a replica.
 */
public sealed interface RequestAuthenticator {

  /** An Ed25519 signature: any replica can check it, and any replica can pass it on. */
  record Signature(byte[] bytes) implements RequestAuthenticator {}

  /**
   * One entry for each replica: {@code keyIds[i]} names the session key between the client and
   * replica i (0 when there is none), {@code tags} holds 16 bytes an entry. An entry convinces only
   * its own replica, so a faulty client can make it right for some and wrong for others.
   */
  record Macs(int[] keyIds, byte[] tags) implements RequestAuthenticator {
    /** Bytes of one entry's tag. */
    public static final int TAG_LENGTH = 16;
  }
}
