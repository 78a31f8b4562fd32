package io.pbft.net;

import io.pbft.core.codec.Limits;

/**
 * Limits of a transport; all positive. Times are in milliseconds, and hold to within a quarter of
 * the shortest time limit, but no better than 20 ms.
 *
 * @param frameBytes the longest frame from a replica, and from anyone to a client, without its
 *     length field: {@link Limits#frameBytes()}
 * @param clientFrameBytes the longest frame that a replica takes from a client
 * @param connectTimeoutMillis for a TCP connection to be made
 * @param handshakeTimeoutMillis for a handshake to finish
 * @param frameTimeoutMillis for a frame that has begun to be complete, and for a peer to take
 *     something of what waits for it
 * @param silenceTimeoutMillis without a byte from a peer, after which the link is taken for dead;
 *     each side sends heartbeats more than three times as often
 * @param backoffMinMillis the first pause before dialling again, doubled with each failure
 * @param backoffMaxMillis where the doubling ends
 * @param pendingHandshakes unfinished handshakes of others with us; then the oldest gives way
 * @param pendingHandshakesPerAddress the same for one remote IP address
 * @param clientLinks links of clients; then the idlest of the client with the most gives way
 * @param linksPerClient sessions of one client; then its idlest gives way
 * @param replicaQueueBytes what waits for one replica, 64 bytes a payload added; more is dropped
 * @param clientQueueBytes the same for one client, over all its sessions
 * @param refusals payloads of one client that may be refused between two looks at the time, at most
 *     a second apart, for each of its first {@value ClientAccount#SESSIONS_COUNTED} sessions; then
 *     it is not read from for a while. More than a session that keeps to the rules can be told BUSY
 *     for
 * @param refusedBytes the same for the bytes of these payloads, over all its sessions
 */
public record TransportConfig(
    int frameBytes,
    int clientFrameBytes,
    int connectTimeoutMillis,
    int handshakeTimeoutMillis,
    int frameTimeoutMillis,
    int silenceTimeoutMillis,
    int backoffMinMillis,
    int backoffMaxMillis,
    int pendingHandshakes,
    int pendingHandshakesPerAddress,
    int clientLinks,
    int linksPerClient,
    long replicaQueueBytes,
    long clientQueueBytes,
    int refusals,
    long refusedBytes) {

  private static final int MIN_FRAME_BYTES = 1024;
  private static final int MAX_FRAME_BYTES = 1 << 30;
  private static final int REQUEST_OVERHEAD = 64 * 1024;
  private static final int LEAST_REFUSALS = 2_048;

  /** Twice what a session of this project's client has in flight at most. */
  private static final long LEAST_REFUSED_BYTES = 32L << 20;

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException naming the first field that is out of bounds
   */
  public TransportConfig {
    requireFrame(frameBytes, "frameBytes");
    requireFrame(clientFrameBytes, "clientFrameBytes");
    requirePositive(connectTimeoutMillis, "connectTimeoutMillis");
    requirePositive(handshakeTimeoutMillis, "handshakeTimeoutMillis");
    requirePositive(frameTimeoutMillis, "frameTimeoutMillis");
    requirePositive(silenceTimeoutMillis, "silenceTimeoutMillis");
    requirePositive(backoffMinMillis, "backoffMinMillis");
    if (backoffMaxMillis < backoffMinMillis) {
      throw new IllegalArgumentException("backoffMaxMillis must not be below backoffMinMillis");
    }
    requirePositive(pendingHandshakes, "pendingHandshakes");
    requirePositive(pendingHandshakesPerAddress, "pendingHandshakesPerAddress");
    requirePositive(clientLinks, "clientLinks");
    requirePositive(linksPerClient, "linksPerClient");
    requirePositive(replicaQueueBytes, "replicaQueueBytes");
    requirePositive(clientQueueBytes, "clientQueueBytes");
    requirePositive(refusals, "refusals");
    requirePositive(refusedBytes, "refusedBytes");
  }

  /** The defaults for a cluster with these limits. */
  public static TransportConfig of(Limits limits) {
    return builder(limits).build();
  }

  /**
   * The defaults for a cluster with these limits, where sessions have so many requests in flight at
   * most: all of them may be refused, sent once more, and refused again.
   */
  public static TransportConfig of(Limits limits, int clientWindow) {
    long twice = Math.min(2L * clientWindow, Integer.MAX_VALUE);
    return builder(limits).refusals((int) Math.max(LEAST_REFUSALS, twice)).build();
  }

  /** Starts from the defaults. */
  public static Builder builder(Limits limits) {
    return new Builder(limits);
  }

  private static void requireFrame(int value, String name) {
    if (value < MIN_FRAME_BYTES || value > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          name + " must be from " + MIN_FRAME_BYTES + " to " + MAX_FRAME_BYTES + ", not " + value);
    }
  }

  private static void requirePositive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }

  /** Setters named like the fields, with the defaults in place. */
  public static final class Builder {
    private int frameBytes;
    private int clientFrameBytes;
    private int connectTimeoutMillis = 2_000;
    private int handshakeTimeoutMillis = 5_000;
    private int frameTimeoutMillis = 10_000;
    private int silenceTimeoutMillis = 6_000;
    private int backoffMinMillis = 50;
    private int backoffMaxMillis = 2_000;
    private int pendingHandshakes = 256;
    private int pendingHandshakesPerAddress = 64;
    private int clientLinks = 4_096;
    private int linksPerClient = 64;
    private long replicaQueueBytes = 64L << 20;
    private long clientQueueBytes = 16L << 20;
    private int refusals = LEAST_REFUSALS;
    private long refusedBytes = LEAST_REFUSED_BYTES;

    private Builder(Limits limits) {
      this.frameBytes = limits.frameBytes();
      this.clientFrameBytes =
          (int) Math.min(limits.frameBytes(), (long) limits.operationBytes() + REQUEST_OVERHEAD);
    }

    public Builder frameBytes(int value) {
      this.frameBytes = value;
      return this;
    }

    public Builder clientFrameBytes(int value) {
      this.clientFrameBytes = value;
      return this;
    }

    public Builder connectTimeoutMillis(int value) {
      this.connectTimeoutMillis = value;
      return this;
    }

    public Builder handshakeTimeoutMillis(int value) {
      this.handshakeTimeoutMillis = value;
      return this;
    }

    public Builder frameTimeoutMillis(int value) {
      this.frameTimeoutMillis = value;
      return this;
    }

    public Builder silenceTimeoutMillis(int value) {
      this.silenceTimeoutMillis = value;
      return this;
    }

    public Builder backoffMillis(int min, int max) {
      this.backoffMinMillis = min;
      this.backoffMaxMillis = max;
      return this;
    }

    public Builder pendingHandshakes(int value) {
      this.pendingHandshakes = value;
      return this;
    }

    public Builder pendingHandshakesPerAddress(int value) {
      this.pendingHandshakesPerAddress = value;
      return this;
    }

    public Builder clientLinks(int value) {
      this.clientLinks = value;
      return this;
    }

    public Builder linksPerClient(int value) {
      this.linksPerClient = value;
      return this;
    }

    public Builder replicaQueueBytes(long value) {
      this.replicaQueueBytes = value;
      return this;
    }

    public Builder clientQueueBytes(long value) {
      this.clientQueueBytes = value;
      return this;
    }

    public Builder refusals(int value) {
      this.refusals = value;
      return this;
    }

    public Builder refusedBytes(long value) {
      this.refusedBytes = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException naming the first field that is out of bounds
     */
    public TransportConfig build() {
      return new TransportConfig(
          frameBytes,
          clientFrameBytes,
          connectTimeoutMillis,
          handshakeTimeoutMillis,
          frameTimeoutMillis,
          silenceTimeoutMillis,
          backoffMinMillis,
          backoffMaxMillis,
          pendingHandshakes,
          pendingHandshakesPerAddress,
          clientLinks,
          linksPerClient,
          replicaQueueBytes,
          clientQueueBytes,
          refusals,
          refusedBytes);
    }
  }
}
