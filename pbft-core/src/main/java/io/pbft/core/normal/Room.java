package io.pbft.core.normal;

import io.pbft.core.ProtocolConfig;
import io.pbft.core.codec.Limits;

/**
 * How much of a pool's room for requests is taken, in all. While it is full a client gets more only
 * up to an equal share of it, so that those who want little find room though others want too much.
 */
final class Room {
  /**
   * Requests of clients that wait at most, in units of the largest batch: more would only wait
   * longer, since the pipeline holds half of this.
   */
  private static final int BATCHES = 16;

  private static final int LEAST_REQUESTS = 1024;

  /** Bytes of their operations at most, in units of the largest batch. */
  private static final int MOST_BATCHES_OF_BYTES = 32;

  /** A pool that holds less could keep nothing back while a batch is in flight. */
  private static final int LEAST_BATCHES_OF_BYTES = 2;

  /** What one client has taken. */
  static class Share extends FairShare.Client {
    private long requests;
    private long bytes;

    long requests() {
      return requests;
    }

    long bytes() {
      return bytes;
    }
  }

  private final long maxRequests;
  private final long maxBytes;
  private long requests;
  private long bytes;

  Room(ProtocolConfig config) {
    Limits limits = config.limits();
    this.maxRequests = Math.max(LEAST_REQUESTS, (long) BATCHES * limits.batchRequests());
    long most = Math.min(config.poolBytes(), (long) MOST_BATCHES_OF_BYTES * limits.batchBytes());
    this.maxBytes = Math.max(most, (long) LEAST_BATCHES_OF_BYTES * limits.batchBytes());
  }

  void take(Share share, int size) {
    share.requests++;
    share.bytes += size;
    requests++;
    bytes += size;
  }

  void giveBack(Share share, int count, long size) {
    share.requests -= count;
    share.bytes -= size;
    requests -= count;
    bytes -= size;
  }

  /**
   * Whether a client gets no room for one more request.
   *
   * @param factor how many times the room there is for requests of this source
   * @param clients that have requests here, this one included
   */
  boolean isShort(Share share, int size, long factor, int clients) {
    boolean full = requests >= factor * maxRequests || bytes + size > factor * maxBytes;
    return full
        && (share.requests >= factor * maxRequests / clients
            || share.bytes + size > factor * maxBytes / clients);
  }

  /**
   * How many requests of clients' own each client finds room for, however full it is.
   *
   * @param size bytes of each one's operation
   */
  long share(int size, int clients) {
    return Math.min(maxRequests, maxBytes / Math.max(1, size)) / clients;
  }

  /** Whether room is so short that it should not go to what can't be proposed yet. */
  boolean isHalfFull() {
    return 2 * requests >= maxRequests || 2 * bytes >= maxBytes;
  }

  /** Requests that wait. */
  long requests() {
    return requests;
  }
}
