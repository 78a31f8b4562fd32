package io.pbft.client.core;

import io.pbft.core.ProtocolConfig;

/**
 * How one session of a client behaves.
 *
 * @param client the client's id
 * @param session the session's number, above 0; each session of a client has a higher one than the
 *     sessions before it
 * @param protocol what the cluster agreed on
 * @param window timestamps from the lowest unanswered one that may be in flight; at most the
 *     cluster's {@code clientWindow}, beyond which replicas drop requests
 * @param queue operations that wait for the window at most, beside those in flight
 * @param timeoutMillis how long a request waits for its result before it is sent to all replicas;
 *     doubles with each transmission
 * @param timeoutCapMillis where the doubling ends
 * @param burst requests that are retransmitted at once; the next follow a moment later
 * @param unprovenBytes results kept that no certificate vouches for yet; beyond it only digests are
 *     kept, and the result is asked for again
 */
public record ClientConfig(
    int client,
    long session,
    ProtocolConfig protocol,
    int window,
    int queue,
    long timeoutMillis,
    long timeoutCapMillis,
    int burst,
    long unprovenBytes) {
  private static final int MAX_WINDOW = 1024;
  private static final int DEFAULT_QUEUE = 8192;
  private static final long DEFAULT_TIMEOUT_MILLIS = 150;
  private static final long DEFAULT_TIMEOUT_CAP_MILLIS = 2_000;
  private static final int DEFAULT_BURST = 64;
  private static final long DEFAULT_UNPROVEN_BYTES = 64L * 1024 * 1024;

  public ClientConfig {
    require(client >= 0, "client must not be negative");
    require(session >= 1, "session must be above 0");
    require(
        window >= 1 && window <= protocol.clientWindow(),
        "window must be from 1 to the cluster's clientWindow");
    require(queue >= 0, "queue must not be negative");
    require(timeoutMillis >= 2, "timeoutMillis must be at least 2");
    require(timeoutCapMillis >= timeoutMillis, "timeoutCapMillis must not be below timeoutMillis");
    require(burst >= 1, "burst must be at least 1");
    require(unprovenBytes >= 0, "unprovenBytes must not be negative");
  }

  /** Defaults for a session. */
  public static ClientConfig of(int client, long session, ProtocolConfig protocol) {
    return new ClientConfig(
        client,
        session,
        protocol,
        Math.min(protocol.clientWindow(), MAX_WINDOW),
        DEFAULT_QUEUE,
        DEFAULT_TIMEOUT_MILLIS,
        DEFAULT_TIMEOUT_CAP_MILLIS,
        DEFAULT_BURST,
        DEFAULT_UNPROVEN_BYTES);
  }

  /** The same, for another session. */
  public ClientConfig withSession(long other) {
    return new ClientConfig(
        client,
        other,
        protocol,
        window,
        queue,
        timeoutMillis,
        timeoutCapMillis,
        burst,
        unprovenBytes);
  }

  /** The same, with another window and queue. */
  public ClientConfig withWindow(int otherWindow, int otherQueue) {
    return new ClientConfig(
        client,
        session,
        protocol,
        otherWindow,
        otherQueue,
        timeoutMillis,
        timeoutCapMillis,
        burst,
        unprovenBytes);
  }

  /** The same, with other timeouts. */
  public ClientConfig withTimeouts(long firstMillis, long capMillis) {
    return new ClientConfig(
        client, session, protocol, window, queue, firstMillis, capMillis, burst, unprovenBytes);
  }

  /** The same, with other bounds on retransmission bursts and on results not yet proven. */
  public ClientConfig withBounds(int otherBurst, long otherUnprovenBytes) {
    return new ClientConfig(
        client,
        session,
        protocol,
        window,
        queue,
        timeoutMillis,
        timeoutCapMillis,
        otherBurst,
        otherUnprovenBytes);
  }

  /** Operations that the session holds at most, of all kinds together. */
  public int capacity() {
    return window + queue;
  }

  /** How long to wait for an answer after so many transmissions before this one. */
  long timeoutAfter(int transmissions) {
    long timeout = timeoutMillis;
    for (int i = 0; i < transmissions && timeout < timeoutCapMillis; i++) {
      timeout *= 2;
    }
    return Math.min(timeout, timeoutCapMillis);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
