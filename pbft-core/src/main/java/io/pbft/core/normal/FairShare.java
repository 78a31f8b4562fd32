package io.pbft.core.normal;

import io.pbft.core.ProtocolConfig;

/**
 * How many requests of one client may be in flight, that is proposed and not executed. What is in
 * flight before a request is what its client waits for, whoever's it is: a client with thousands of
 * requests would fill the pipeline in each moment in which the others have their answers and have
 * not asked again, and those would wait for all of it.
 *
 * <p>So while several clients compete, each may have an equal share of the pipeline, as if there
 * were never more than {@value #MOST_CLIENTS}: what keeps a primary busy is not left idle for many
 * who want little. A client that is alone may fill it.
 *
 * <p>Competing is who has something to propose or in flight. The most that did so at a time counts
 * for a while, for the same reason. Only counts are kept, and what each session has contributed.
 */
final class FairShare {
  /** The most competitors of a period count in it and in the next. */
  static final long PERIOD_MILLIS = 250;

  private static final int MOST_CLIENTS = 32;

  /** One client's part. */
  static class Client {
    private long inFlight;
    private long heldBack;
    private int sessions;
  }

  private final long pipeline;
  private int competing;
  private int most;
  private int mostBefore;
  private long periodSince;
  private long heldBack;

  FairShare(ProtocolConfig config) {
    this.pipeline = (long) config.pipeline() * config.limits().batchRequests();
  }

  /**
   * Takes note of what has become of a session.
   *
   * @param requests of the client that are not executed
   */
  void update(Client client, SessionQueue session, long requests, long now) {
    boolean competed = client.sessions > 0;
    client.inFlight += session.newlyInFlight();
    client.sessions += session.newlyCompeting();
    competing += Boolean.compare(client.sessions > 0, competed);
    most = Math.max(most, competing);
    long before = client.heldBack;
    client.heldBack = Math.max(0, requests - Math.max(client.inFlight, limit(now)));
    heldBack += client.heldBack - before;
  }

  /** Whether one more request of the client may be proposed. */
  boolean allows(Client client, long now) {
    return client.inFlight < limit(now);
  }

  /**
   * About how many requests wait that may not be proposed yet: they are nothing that gathers for a
   * batch.
   */
  long heldBack() {
    return heldBack;
  }

  /** How many requests a client may have in flight; at least one. */
  long limit(long now) {
    if (now - periodSince >= PERIOD_MILLIS) {
      mostBefore = now - periodSince < 2 * PERIOD_MILLIS ? most : competing;
      most = competing;
      periodSince = now;
    }
    int clients = Math.max(most, mostBefore);
    return clients <= 1 ? Long.MAX_VALUE : Math.max(1, pipeline / Math.min(clients, MOST_CLIENTS));
  }
}
