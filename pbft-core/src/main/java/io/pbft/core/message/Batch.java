package io.pbft.core.message;

import io.pbft.crypto.Digest;
import io.pbft.crypto.Hasher;
import java.util.List;

/**
 * What is agreed on for one sequence number: requests in order, and the agreed time. The digest
 * covers both, not how the requests are authenticated.
 */
public final class Batch {
  private static final Hasher.Domain DOMAIN = new Hasher.Domain("batch");

  /** The null request of the view change (OSDI'99, section 4.4): executes as nothing. */
  public static final Batch NULL = new Batch(0, List.of());

  /**
   * What a request takes in memory besides its operation, about: with the MACs of many replicas.
   */
  public static final int REQUEST_FOOTPRINT = 512;

  private final long time;
  private final List<AuthenticatedRequest> requests;
  private final Digest digest;
  private final long footprint;
  private volatile byte[] encoding;

  /**
   * @param time milliseconds since the epoch, as proposed by the primary
   */
  public Batch(long time, List<AuthenticatedRequest> requests) {
    this.time = time;
    this.requests = List.copyOf(requests);
    Hasher hasher = DOMAIN.hasher().putLong(time).putInt(this.requests.size());
    long bytes = 0;
    for (AuthenticatedRequest request : this.requests) {
      hasher.putDigest(request.request().digest());
      bytes += request.request().operation().length + REQUEST_FOOTPRINT;
    }
    this.digest = hasher.digest();
    this.footprint = bytes;
  }

  public long time() {
    return time;
  }

  public List<AuthenticatedRequest> requests() {
    return requests;
  }

  public Digest digest() {
    return digest;
  }

  /** What it takes in memory, about, in bytes: operations, and a constant for each request. */
  public long footprint() {
    return footprint;
  }

  /**
   * This batch as bytes, if somebody has left them here; else null. Shared, not to be modified. A
   * note of the codec's: two threads may make it twice, never differently.
   */
  public byte[] encoding() {
    return encoding;
  }

  /** Leaves the bytes that encode this batch, its requests' authenticators included. */
  public void keepEncoding(byte[] bytes) {
    encoding = bytes;
  }

  public boolean isNull() {
    return requests.isEmpty() && digest.equals(NULL.digest);
  }

  @Override
  public String toString() {
    return isNull() ? "null" : requests.toString();
  }
}
