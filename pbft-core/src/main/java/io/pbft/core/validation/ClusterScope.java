package io.pbft.core.validation;

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

  /** What an author signs: the content has type and author in front. */
  byte[] signedMessage(byte[] content) {
    return bytes(MESSAGE, content.length).put(content).array();
  }

  /** What a client signs. */
  byte[] signedRequest(Digest request) {
    return bytes(REQUEST, Digest.LENGTH).put(request.toBytes()).array();
  }

  /** What the entry of a client's MAC vector for one replica covers. */
  byte[] macRequest(Digest request, int receiver) {
    return forReceiver(macRequest(request), receiver);
  }

  /** The same with the receiver still open: see {@link #forReceiver}. */
  byte[] macRequest(Digest request) {
    return bytes(REQUEST, Digest.LENGTH + Integer.BYTES).put(request.toBytes()).array();
  }

  /** Names the receiver in the last four bytes. */
  static byte[] forReceiver(byte[] macRequest, int receiver) {
    ByteBuffer.wrap(macRequest).putInt(macRequest.length - Integer.BYTES, receiver);
    return macRequest;
  }

  private ByteBuffer bytes(byte[] domain, int more) {
    return ByteBuffer.allocate(domain.length + Digest.LENGTH + Long.BYTES + more)
        .put(domain)
        .put(clusterId.toBytes())
        .putLong(epoch);
  }
}
