package io.pbft.core.message;

import io.pbft.crypto.Digest;

/**
 * How a client vouches for a request: by a signature, or by a vector of MACs, one entry a replica.
 */
public sealed interface RequestAuthenticator {

  /**
   * An Ed25519 signature: any replica can check it, and any replica can pass it on. It is over the
   * request alone, or over the root of a Merkle tree of which the request's digest is a leaf; then
   * the leaf's place and the siblings on the way to the root come with it, and nothing else is
   * needed to check it.
   *
   * @param bytes the signature, 64 bytes
   * @param index which leaf the request is, from 0, below 2 to the power of {@link #depth}
   * @param path the siblings from the leaf upwards, 32 bytes each; empty without a tree
   */
  record Signature(byte[] bytes, int index, byte[] path) implements RequestAuthenticator {
    /** Levels of a tree above its leaves, at most. */
    public static final int MAX_DEPTH = 6;

    /**
     * Requests under one signature, at most. A request's share of the check is then 1/64; twice as
     * many would save half of that, and make all full paths longer.
     */
    public static final int MAX_REQUESTS = 1 << MAX_DEPTH;

    private static final byte[] NO_PATH = {};

    /**
     * @throws IllegalArgumentException if there is no such place in a tree
     */
    public Signature {
      int depth = path.length / Digest.LENGTH;
      if (path.length % Digest.LENGTH != 0 || depth > MAX_DEPTH || index >>> depth != 0) {
        throw new IllegalArgumentException("no leaf " + index + " at the depth " + depth);
      }
    }

    /** A signature over one request alone. */
    public Signature(byte[] bytes) {
      this(bytes, 0, NO_PATH);
    }

    /** Levels between the request and what is signed: 0 when that is the request itself. */
    public int depth() {
      return path.length / Digest.LENGTH;
    }
  }

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
