package io.pbft.core.validation;

import io.pbft.core.message.Request;
import io.pbft.core.message.RequestAuthenticator;
import io.pbft.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Cluster id and configuration epoch: part of everything that is authenticated, so that nothing
 * said in one cluster or epoch is believed in another.
 */
public record ClusterScope(Digest clusterId, long epoch) {
  private static final byte[] MESSAGE = "pbft-message-1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REQUEST = "pbft-request-1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TREE = "pbft-reqtree-1".getBytes(StandardCharsets.US_ASCII);

  /** What an author signs: the content has type and author in front. */
  byte[] signedMessage(byte[] content) {
    byte[] bytes = begin(MESSAGE, content.length);
    System.arraycopy(content, 0, bytes, bytes.length - content.length, content.length);
    return bytes;
  }

  /** What a client signs for one request. */
  byte[] signedRequest(Digest request) {
    byte[] bytes = begin(REQUEST, Digest.LENGTH);
    request.copyTo(bytes, bytes.length - Digest.LENGTH);
    return bytes;
  }

  /** What a client signs for all requests in a tree: whose they are, how deep it is, its root. */
  byte[] signedTree(int client, int depth, Digest root) {
    byte[] bytes = begin(TREE, Integer.BYTES + 1 + Digest.LENGTH);
    int offset = bytes.length - Digest.LENGTH;
    ByteBuffer.wrap(bytes).putInt(offset - 1 - Integer.BYTES, client).put(offset - 1, (byte) depth);
    root.copyTo(bytes, offset);
    return bytes;
  }

  /** What the client must have signed for this request to be vouched for by this signature. */
  byte[] signed(Request request, RequestAuthenticator.Signature signature) {
    return signature.depth() == 0
        ? signedRequest(request.digest())
        : signedTree(request.client(), signature.depth(), RequestTree.root(request, signature));
  }

  /** What the entry of a client's MAC vector for one replica covers. */
  byte[] macRequest(Digest request, int receiver) {
    return forReceiver(macRequest(request), receiver);
  }

  /** The same with the receiver still open: see {@link #forReceiver}. */
  byte[] macRequest(Digest request) {
    byte[] bytes = begin(REQUEST, Digest.LENGTH + Integer.BYTES);
    request.copyTo(bytes, bytes.length - Digest.LENGTH - Integer.BYTES);
    return bytes;
  }

  /** Names the receiver in the last four bytes. */
  static byte[] forReceiver(byte[] macRequest, int receiver) {
    ByteBuffer.wrap(macRequest).putInt(macRequest.length - Integer.BYTES, receiver);
    return macRequest;
  }

  /** Domain, cluster and epoch, and room for more. */
  private byte[] begin(byte[] domain, int more) {
    byte[] bytes = new byte[domain.length + Digest.LENGTH + Long.BYTES + more];
    System.arraycopy(domain, 0, bytes, 0, domain.length);
    clusterId.copyTo(bytes, domain.length);
    ByteBuffer.wrap(bytes).putLong(domain.length + Digest.LENGTH, epoch);
    return bytes;
  }
}
