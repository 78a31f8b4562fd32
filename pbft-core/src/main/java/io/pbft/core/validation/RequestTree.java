package io.pbft.core.validation;

import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.util.Arrays;
import java.util.List;

/**
 * The Merkle tree (CRYPTO'87) over the digests of requests that a client signs together. All paths
 * of a tree are equally long, and its depth is signed, so nothing above the leaves can be passed
 * off as a leaf, nor the other way round; besides, inner nodes are hashed in a domain of their own.
 *
 * <p>Where there are fewer requests than leaves, {@link Digest#ZERO} stands for what is missing, on
 * every level: it is no request's digest, so no tree means the same as one with another request in
 * it (as trees did whose last leaf was doubled, CVE-2012-2459).
 */
final class RequestTree {
  private static final Hasher.Domain NODE = new Hasher.Domain("request-node");
  private static final int ROOT = 1;

  private final int depth;

  // The children of i are 2i and 2i+1.
  private final Digest[] nodes;

  /**
   * @param requests from 1 to {@value RequestAuthenticator.Signature#MAX_REQUESTS}
   */
  RequestTree(List<Request> requests) {
    int size = requests.size();
    depth = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    int leaves = 1 << depth;
    nodes = new Digest[2 * leaves];
    Arrays.fill(nodes, Digest.ZERO);
    for (int i = 0; i < size; i++) {
      nodes[leaves + i] = requests.get(i).digest();
    }
    for (int i = leaves - 1; i >= ROOT; i--) {
      boolean isEmpty = nodes[2 * i].equals(Digest.ZERO);
      nodes[i] = isEmpty ? Digest.ZERO : over(nodes[2 * i], nodes[2 * i + 1]);
    }
  }

  private static Digest over(Digest left, Digest right) {
    return NODE.hasher().putDigest(left).putDigest(right).digest();
  }

  int depth() {
    return depth;
  }

  Digest root() {
    return nodes[ROOT];
  }

  /** The siblings on the way from a leaf to the root. */
  byte[] path(int index) {
    byte[] path = new byte[depth * Digest.LENGTH];
    int node = (1 << depth) + index;
    for (int level = 0; level < depth; level++) {
      nodes[node ^ 1].copyTo(path, level * Digest.LENGTH);
      node >>= 1;
    }
    return path;
  }

  /** The root of the tree in which the request is where its authenticator says. */
  static Digest root(Request request, RequestAuthenticator.Signature signature) {
    byte[] path = signature.path();
    Digest node = request.digest();
    for (int level = 0; level < signature.depth(); level++) {
      boolean isRight = (signature.index() >>> level & 1) == 1;
      Hasher hasher = NODE.hasher();
      if (isRight) {
        hasher.putBytes(path, level * Digest.LENGTH, Digest.LENGTH).putDigest(node);
      } else {
        hasher.putDigest(node).putBytes(path, level * Digest.LENGTH, Digest.LENGTH);
      }
      node = hasher.digest();
    }
    return node;
  }
}
