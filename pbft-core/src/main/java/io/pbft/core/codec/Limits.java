package io.pbft.core.codec;

import io.pbft.core.message.Batch;

/**
 * Sizes that every replica and client of a cluster agrees on (they are covered by the configuration
 * digest of the handshake, so that no two correct replicas differ on what is too large).
 *
 * @param frameBytes the longest frame on a link, all included
 * @param operationBytes the longest operation of a request
 * @param resultBytes the longest result of an operation; a longer one becomes a failure
 * @param batchRequests the most requests in a batch
 * @param batchBytes the most bytes of operations in a batch
 */
public record Limits(
    int frameBytes, int operationBytes, int resultBytes, int batchRequests, int batchBytes) {
  /** Bytes that a batch may take beyond its operations, for each request and in all. */
  private static final int OVERHEAD = 64 * 1024;

  private static final int PER_REQUEST_OVERHEAD = 2 * 1024;
  private static final int KEPT_RESULTS = 4;

  public static final Limits DEFAULT =
      new Limits(8 * 1024 * 1024, 1024 * 1024, 1024 * 1024, 256, 2 * 1024 * 1024);

  public Limits {
    require(operationBytes > 0 && resultBytes > 0 && batchRequests > 0, "limits must be positive");
    require(batchBytes >= operationBytes, "batchBytes must hold one operation");
    require(
        (long) batchBytes + (long) batchRequests * PER_REQUEST_OVERHEAD + OVERHEAD <= frameBytes
            && resultBytes + OVERHEAD <= frameBytes,
        "frameBytes must hold a full batch ("
            + PER_REQUEST_OVERHEAD
            + " bytes a request besides batchBytes) and a result");
  }

  /**
   * Bytes of results that replicas keep of a session for the case that it asks for them again.
   * Beyond these they forget the oldest, so a session whose unacknowledged results may be more can
   * lose one.
   */
  public long keptResultBytes() {
    return (long) KEPT_RESULTS * resultBytes;
  }

  /** The most that a batch can take in memory, about, in bytes. */
  public long batchFootprint() {
    return batchBytes + (long) batchRequests * Batch.REQUEST_FOOTPRINT;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
