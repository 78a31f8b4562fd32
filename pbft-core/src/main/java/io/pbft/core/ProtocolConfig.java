package io.pbft.core;

import io.pbft.core.codec.Limits;

/**
 * What all replicas of a cluster agree on, timeouts included.
 *
 * @param n replicas, at least 4
 * @param checkpointInterval K, sequence numbers between checkpoints
 * @param logWindow L, a multiple of K and at least 2K
 * @param logBytes what the batches of the log may take in memory, about, before a primary stops
 *     proposing more; backups bear with twice as much. Four of the largest batches always have
 *     room. Like {@code historyBytes} a matter of each replica's own memory, but one with less than
 *     half of what the primary has can't vote for all it proposes where operations are large
 * @param history decided batches below h that a replica keeps, at most, for others that are behind;
 *     beyond these they fetch a state
 * @param historyBytes what those batches may take in memory, and twice that while a replica that is
 *     behind will ask for them; not in the cluster's files, a matter of each replica's own memory
 * @param poolBytes what operations of clients that wait may take in memory, and {@code n} times
 *     that with what other replicas pass on; also no more than 32 of the largest batches. A matter
 *     of each replica's own memory, but a primary with less than others refuses what they pass on,
 *     and is deposed for it
 * @param pipeline batches that the primary keeps in flight at most
 * @param clientWindow requests of one session beyond the last executed that a replica keeps
 * @param sessionsPerClient live sessions of one client; the oldest is evicted
 * @param requestTimeoutMillis how long a request may wait at a replica before it asks for the next
 *     view
 * @param viewChangeTimeoutMillis how long the first new view may take; doubled for each that fails
 * @param viewChangeTimeoutCapMillis where the doubling ends
 * @param statusIntervalMillis how often a replica tells where it is
 * @param maxClockSkewMillis how far a proposed time may be from a backup's clock
 * @param performanceFloor from 0 to 1: how much of the speed that the replicas' own commit times
 *     suggest a primary must reach; 0 bears with any that meets the request timeout
 * @param tentativeExecution whether a batch that nothing follows is executed when it has prepared,
 *     and its COMMITs go with later messages (OSDI'99, section 5.1)
 * @param clientSignatures whether requests must be signed (else MACs are accepted, too)
 * @param limits sizes
 */
public record ProtocolConfig(
    int n,
    int checkpointInterval,
    int logWindow,
    long logBytes,
    int history,
    long historyBytes,
    long poolBytes,
    int pipeline,
    int clientWindow,
    int sessionsPerClient,
    long requestTimeoutMillis,
    long viewChangeTimeoutMillis,
    long viewChangeTimeoutCapMillis,
    long statusIntervalMillis,
    long maxClockSkewMillis,
    double performanceFloor,
    boolean tentativeExecution,
    boolean clientSignatures,
    Limits limits) {
  public static final double DEFAULT_PERFORMANCE_FLOOR = 0.5;
  public static final long DEFAULT_LOG_BYTES = 96L * 1024 * 1024;
  public static final int DEFAULT_HISTORY = 8192;
  public static final long DEFAULT_HISTORY_BYTES = 64L * 1024 * 1024;
  public static final long DEFAULT_POOL_BYTES = 64L * 1024 * 1024;

  public ProtocolConfig {
    Quorums.of(n);
    require(checkpointInterval >= 1, "checkpointInterval must be at least 1");
    require(
        logWindow >= 2 * checkpointInterval && logWindow % checkpointInterval == 0,
        "logWindow must be a multiple of checkpointInterval, and at least twice it");
    require(logBytes >= 0, "logBytes must not be negative");
    require(history >= 0, "history must not be negative");
    require(historyBytes >= 0, "historyBytes must not be negative");
    require(poolBytes >= 0, "poolBytes must not be negative");
    require(pipeline >= 1 && pipeline <= logWindow, "pipeline must be from 1 to logWindow");
    require(clientWindow >= 1, "clientWindow must be at least 1");
    require(sessionsPerClient >= 1, "sessionsPerClient must be at least 1");
    require(requestTimeoutMillis >= 1, "requestTimeoutMillis must be positive");
    require(viewChangeTimeoutMillis >= 1, "viewChangeTimeoutMillis must be positive");
    require(
        viewChangeTimeoutCapMillis >= viewChangeTimeoutMillis,
        "viewChangeTimeoutCapMillis must not be below viewChangeTimeoutMillis");
    require(statusIntervalMillis >= 1, "statusIntervalMillis must be positive");
    require(maxClockSkewMillis >= 1, "maxClockSkewMillis must be positive");
    require(performanceFloor >= 0 && performanceFloor <= 1, "performanceFloor must be from 0 to 1");
  }

  /** Defaults for n replicas. */
  public static ProtocolConfig of(int n) {
    return new ProtocolConfig(
        n,
        128,
        512,
        DEFAULT_LOG_BYTES,
        DEFAULT_HISTORY,
        DEFAULT_HISTORY_BYTES,
        DEFAULT_POOL_BYTES,
        8,
        1024,
        64,
        500,
        500,
        10_000,
        150,
        5_000,
        DEFAULT_PERFORMANCE_FLOOR,
        false,
        false,
        Limits.DEFAULT);
  }

  /** Begins with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  public Quorums quorums() {
    return Quorums.of(n);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Changes some values of a configuration; each is named as in it. Not thread safe. */
  public static final class Builder {
    private final int n;
    private int checkpointInterval;
    private int logWindow;
    private long logBytes;
    private int history;
    private long historyBytes;
    private long poolBytes;
    private int pipeline;
    private int clientWindow;
    private int sessionsPerClient;
    private long requestTimeoutMillis;
    private long viewChangeTimeoutMillis;
    private long viewChangeTimeoutCapMillis;
    private long statusIntervalMillis;
    private long maxClockSkewMillis;
    private double performanceFloor;
    private boolean tentativeExecution;
    private boolean clientSignatures;
    private Limits limits;

    private Builder(ProtocolConfig from) {
      n = from.n;
      checkpointInterval = from.checkpointInterval;
      logWindow = from.logWindow;
      logBytes = from.logBytes;
      history = from.history;
      historyBytes = from.historyBytes;
      poolBytes = from.poolBytes;
      pipeline = from.pipeline;
      clientWindow = from.clientWindow;
      sessionsPerClient = from.sessionsPerClient;
      requestTimeoutMillis = from.requestTimeoutMillis;
      viewChangeTimeoutMillis = from.viewChangeTimeoutMillis;
      viewChangeTimeoutCapMillis = from.viewChangeTimeoutCapMillis;
      statusIntervalMillis = from.statusIntervalMillis;
      maxClockSkewMillis = from.maxClockSkewMillis;
      performanceFloor = from.performanceFloor;
      tentativeExecution = from.tentativeExecution;
      clientSignatures = from.clientSignatures;
      limits = from.limits;
    }

    public Builder checkpointInterval(int value) {
      checkpointInterval = value;
      return this;
    }

    public Builder logWindow(int value) {
      logWindow = value;
      return this;
    }

    public Builder logBytes(long value) {
      logBytes = value;
      return this;
    }

    public Builder history(int value) {
      history = value;
      return this;
    }

    public Builder historyBytes(long value) {
      historyBytes = value;
      return this;
    }

    public Builder poolBytes(long value) {
      poolBytes = value;
      return this;
    }

    public Builder pipeline(int value) {
      pipeline = value;
      return this;
    }

    public Builder clientWindow(int value) {
      clientWindow = value;
      return this;
    }

    public Builder sessionsPerClient(int value) {
      sessionsPerClient = value;
      return this;
    }

    public Builder requestTimeoutMillis(long value) {
      requestTimeoutMillis = value;
      return this;
    }

    public Builder viewChangeTimeoutMillis(long value) {
      viewChangeTimeoutMillis = value;
      return this;
    }

    public Builder viewChangeTimeoutCapMillis(long value) {
      viewChangeTimeoutCapMillis = value;
      return this;
    }

    public Builder statusIntervalMillis(long value) {
      statusIntervalMillis = value;
      return this;
    }

    public Builder maxClockSkewMillis(long value) {
      maxClockSkewMillis = value;
      return this;
    }

    public Builder performanceFloor(double value) {
      performanceFloor = value;
      return this;
    }

    public Builder tentativeExecution(boolean value) {
      tentativeExecution = value;
      return this;
    }

    public Builder clientSignatures(boolean value) {
      clientSignatures = value;
      return this;
    }

    public Builder limits(Limits value) {
      limits = value;
      return this;
    }

    /**
     * Checks all values together.
     *
     * @throws IllegalArgumentException if they don't fit each other
     */
    public ProtocolConfig build() {
      return new ProtocolConfig(
          n,
          checkpointInterval,
          logWindow,
          logBytes,
          history,
          historyBytes,
          poolBytes,
          pipeline,
          clientWindow,
          sessionsPerClient,
          requestTimeoutMillis,
          viewChangeTimeoutMillis,
          viewChangeTimeoutCapMillis,
          statusIntervalMillis,
          maxClockSkewMillis,
          performanceFloor,
          tentativeExecution,
          clientSignatures,
          limits);
    }
  }
}
