package io.pbft.core;

import io.pbft.core.codec.Limits;

/**
 * What all replicas of a cluster agree on, timeouts included.
 *
 * @param n replicas, at least 4
 * @param checkpointInterval K, sequence numbers between checkpoints
 * @param logWindow L, a multiple of K and at least 2K
 * @param history decided batches below h that a replica keeps, at most, for others that are behind;
 *     beyond these they fetch a state
 * @param historyBytes what those batches may take in memory; not in the cluster's files, a matter
 *     of each replica's own memory
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
 * @param clientSignatures whether requests must be signed (else MACs are accepted, too)
 * @param limits sizes
 */
public record ProtocolConfig(
    int n,
    int checkpointInterval,
    int logWindow,
    int history,
    long historyBytes,
    int pipeline,
    int clientWindow,
    int sessionsPerClient,
    long requestTimeoutMillis,
    long viewChangeTimeoutMillis,
    long viewChangeTimeoutCapMillis,
    long statusIntervalMillis,
    long maxClockSkewMillis,
    double performanceFloor,
    boolean clientSignatures,
    Limits limits) {
  public static final double DEFAULT_PERFORMANCE_FLOOR = 0.5;
  public static final int DEFAULT_HISTORY = 8192;
  public static final long DEFAULT_HISTORY_BYTES = 64L * 1024 * 1024;

  public ProtocolConfig {
    Quorums.of(n);
    require(checkpointInterval >= 1, "checkpointInterval must be at least 1");
    require(
        logWindow >= 2 * checkpointInterval && logWindow % checkpointInterval == 0,
        "logWindow must be a multiple of checkpointInterval, and at least twice it");
    require(history >= 0, "history must not be negative");
    require(historyBytes >= 0, "historyBytes must not be negative");
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

  /** With the default performance floor, and without a history. */
  public ProtocolConfig(
      int n,
      int checkpointInterval,
      int logWindow,
      int pipeline,
      int clientWindow,
      int sessionsPerClient,
      long requestTimeoutMillis,
      long viewChangeTimeoutMillis,
      long viewChangeTimeoutCapMillis,
      long statusIntervalMillis,
      long maxClockSkewMillis,
      boolean clientSignatures,
      Limits limits) {
    this(
        n,
        checkpointInterval,
        logWindow,
        0,
        DEFAULT_HISTORY_BYTES,
        pipeline,
        clientWindow,
        sessionsPerClient,
        requestTimeoutMillis,
        viewChangeTimeoutMillis,
        viewChangeTimeoutCapMillis,
        statusIntervalMillis,
        maxClockSkewMillis,
        DEFAULT_PERFORMANCE_FLOOR,
        clientSignatures,
        limits);
  }

  /** The same, with another performance floor. */
  public ProtocolConfig withPerformanceFloor(double floor) {
    return new ProtocolConfig(
        n,
        checkpointInterval,
        logWindow,
        history,
        historyBytes,
        pipeline,
        clientWindow,
        sessionsPerClient,
        requestTimeoutMillis,
        viewChangeTimeoutMillis,
        viewChangeTimeoutCapMillis,
        statusIntervalMillis,
        maxClockSkewMillis,
        floor,
        clientSignatures,
        limits);
  }

  /** The same, with another history. */
  public ProtocolConfig withHistory(int batches) {
    return new ProtocolConfig(
        n,
        checkpointInterval,
        logWindow,
        batches,
        historyBytes,
        pipeline,
        clientWindow,
        sessionsPerClient,
        requestTimeoutMillis,
        viewChangeTimeoutMillis,
        viewChangeTimeoutCapMillis,
        statusIntervalMillis,
        maxClockSkewMillis,
        performanceFloor,
        clientSignatures,
        limits);
  }

  /** The same, with another bound for the history in memory. */
  public ProtocolConfig withHistoryBytes(long bytes) {
    return new ProtocolConfig(
        n,
        checkpointInterval,
        logWindow,
        history,
        bytes,
        pipeline,
        clientWindow,
        sessionsPerClient,
        requestTimeoutMillis,
        viewChangeTimeoutMillis,
        viewChangeTimeoutCapMillis,
        statusIntervalMillis,
        maxClockSkewMillis,
        performanceFloor,
        clientSignatures,
        limits);
  }

  /** Defaults for n replicas. */
  public static ProtocolConfig of(int n) {
    return new ProtocolConfig(
            n, 128, 512, 8, 1024, 64, 500, 500, 10_000, 150, 5_000, false, Limits.DEFAULT)
        .withHistory(DEFAULT_HISTORY);
  }

  public Quorums quorums() {
    return Quorums.of(n);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
