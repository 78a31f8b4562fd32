package io.pbft.compare.raft;

import io.pbft.compare.sim.Counters;
import io.pbft.compare.sim.Measured;

/** Failure-free requests to MicroRaft, one at a time. */
public final class RaftRun {
  /** MicroRaft's notice of a new commit index; textbook Raft waits for the next entry. */
  public static final String COMMIT_NOTICE = "COMMIT-NOTICE";

  public static final String COMMIT_NOTICE_OK = "COMMIT-NOTICE-OK";
  public static final String APPEND = "APPEND-ENTRIES";
  public static final String APPEND_OK = "APPEND-ENTRIES-OK";

  static final RaftCluster.Tamper HONEST = (from, to, message) -> message;

  private RaftRun() {}

  /**
   * @param requests how many to measure, after one that warms up
   */
  public static Measured measure(int n, int requests) {
    RaftCluster cluster = new RaftCluster(n, HONEST);
    int leader = cluster.awaitLeader();
    Counters preparation = cluster.takeCounters();
    cluster.request(leader, "k=v");
    cluster.takeCounters();
    long clientDelays = 0;
    long allDelays = 0;
    for (int i = 0; i < requests; i++) {
      long begun = cluster.now();
      clientDelays = (cluster.request(leader, "k=v") - begun) / RaftCluster.HOP_MICROS;
      allDelays = (cluster.lastExecutionAt() - begun) / RaftCluster.HOP_MICROS;
    }
    cluster.checkCalls();
    return new Measured(n, requests, cluster.takeCounters(), preparation, clientDelays, allDelays);
  }

  /** Messages while nobody asks for anything. */
  public static Counters idle(int n, long millis) {
    RaftCluster cluster = new RaftCluster(n, HONEST);
    cluster.request(cluster.awaitLeader(), "k=v");
    cluster.takeCounters();
    cluster.run(millis * 1_000);
    return cluster.takeCounters();
  }

  /**
   * The leader dies between two requests; the client asks it first, and then one after the other.
   *
   * @return what was sent until the second has its answer, with the milliseconds until then as
   *     delays
   */
  public static Measured crash(int n) {
    RaftCluster cluster = new RaftCluster(n, HONEST);
    int leader = cluster.awaitLeader();
    cluster.request(leader, "k=v");
    cluster.takeCounters();
    cluster.crash(leader);
    long begun = cluster.now();
    long millis = (cluster.insist(leader, "k=w") - begun) / 1_000;
    return new Measured(n, 1, cluster.takeCounters(), new Counters(), millis, millis);
  }
}
